import { type Desk, make } from "./transactions.ts";

export async function postInvoice(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const count = desk.random.next() < 0.15 ? 4 : 1;
  const drafts = Array.from({ length: count }, (_, row) => invoice(desk, `${marker}/${row}`, "out_invoice"));
  const draft = {
    marker,
    kind: "invoice draft",
    expects: "silent",
    model: "account.move",
    method: "create",
  } as const;
  const ids = await make<number[]>(desk, draft, [drafts]);
  if (!ids) return;
  const post = {
    marker,
    kind: "invoice",
    expects: "event",
    model: "account.move",
    method: "action_post",
  } as const;
  if ((await make(desk, post, [ids])) !== undefined) desk.openInvoices.push(...ids);
}

export async function postBill(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const draft = {
    marker,
    kind: "bill draft",
    expects: "silent",
    model: "account.move",
    method: "create",
  } as const;
  const ids = await make<number[]>(desk, draft, [[invoice(desk, marker, "in_invoice")]]);
  if (!ids) return;
  await make(desk, { marker, kind: "bill", expects: "event", model: "account.move", method: "action_post" }, [
    ids,
  ]);
}

/** The payment status of an invoice changes in the transaction that pays it. */
export async function payInvoice(desk: Desk): Promise<void> {
  const id = desk.openInvoices.shift();
  if (id === undefined) return postInvoice(desk);
  const marker = desk.book.newMarker();
  const context = { active_model: "account.move", active_ids: [id] };
  const wizard = {
    marker,
    kind: "payment draft",
    expects: "silent",
    model: "account.payment.register",
    method: "create",
  } as const;
  const ids = await make<number[]>(desk, wizard, [[{ journal_id: desk.catalogue.bankJournal }]], { context });
  if (!ids) return;
  // Its event carries no reference; the change of the table says that it happened.
  const pay = { ...wizard, kind: "payment", method: "action_create_payments" } as const;
  await make(desk, pay, [ids], { context });
}

/** Two people may do this to one invoice at once; each posting that commits is an event of its own. */
export async function repostInvoice(desk: Desk): Promise<void> {
  const id = desk.openInvoices.at(-1);
  if (id === undefined) return postInvoice(desk);
  const marker = desk.book.newMarker();
  const reset = {
    marker,
    kind: "invoice reset",
    expects: "silent",
    model: "account.move",
    method: "button_draft",
  } as const;
  if ((await make(desk, reset, [[id]])) === undefined) return;
  await make(desk, { ...reset, kind: "invoice again", method: "action_post" }, [[id]]);
}

export function invoice({ catalogue, random }: Desk, reference: string, type: string): object {
  return {
    move_type: type,
    partner_id: random.pick(catalogue.customers),
    invoice_date: new Date().toISOString().slice(0, 10),
    ref: reference,
    invoice_line_ids: [[0, 0, { name: "Home visit", quantity: random.integer(1, 5), price_unit: 120.5 }]],
  };
}
