import type { OdooSession } from "../../stack/odoo_session.ts";
import type { Random } from "../random.ts";
import type { CallBook, CallPlan } from "./call_book.ts";
import type { Catalogue } from "./catalogue.ts";

/** What one person needs to do business. */
export interface Desk {
  readonly session: OdooSession;
  readonly book: CallBook;
  readonly catalogue: Catalogue;
  readonly random: Random;
  /** Posted invoices that are open, shared by all people on purpose. */
  readonly openInvoices: number[];
  readonly signal: AbortSignal;
}

export async function createContact(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const values = {
    name: `Contact ${marker}`,
    ref: marker,
    city: "Bern",
    is_company: desk.random.next() < 0.3,
  };
  await make(desk, { marker, kind: "contact", expects: "event", model: "res.partner", method: "create" }, [
    [values],
  ]);
}

/** Everyone writes the same few contacts: PostgreSQL refuses some of them, Odoo repeats those. */
export async function changeSharedContact(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const id = desk.random.pick(desk.catalogue.hotContacts);
  const plan = {
    marker,
    kind: "shared contact",
    expects: "event",
    model: "res.partner",
    method: "write",
  } as const;
  await make(desk, plan, [[id], { ref: marker, phone: `+41 31 ${desk.random.integer(100, 999)}` }]);
}

export async function importContacts(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const rows = Array.from({ length: desk.random.integer(5, 25) }, (_, row) =>
    importRow(marker, row, "contact"),
  );
  const plan = {
    marker,
    kind: "contact import",
    expects: "event",
    model: "res.partner",
    method: "load",
  } as const;
  await make(desk, { ...plan, isRefusal: hasNoIds }, [importFields, rows]);
}

export async function confirmPurchase(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const { catalogue, random } = desk;
  const line = {
    product_id: random.pick(catalogue.products),
    product_qty: random.integer(1, 9),
    price_unit: 4.5,
  };
  const values = {
    partner_id: random.pick(catalogue.vendors),
    partner_ref: marker,
    order_line: [[0, 0, line]],
  };
  const draft = {
    marker,
    kind: "purchase draft",
    expects: "silent",
    model: "purchase.order",
    method: "create",
  } as const;
  const ids = await make<number[]>(desk, draft, [[values]]);
  if (!ids) return;
  const confirm = { ...draft, kind: "purchase", expects: "event", method: "button_confirm" } as const;
  if ((await make(desk, confirm, [ids])) === undefined || random.next() < 0.5) return;
  await receiveGoods(desk, ids);
}

export async function confirmSale(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const { catalogue, random } = desk;
  const line = { product_id: random.pick(catalogue.products), product_uom_qty: 1 };
  const values = {
    partner_id: random.pick(catalogue.customers),
    client_order_ref: marker,
    order_line: [[0, 0, line]],
  };
  const draft = {
    marker,
    kind: "sale draft",
    expects: "silent",
    model: "sale.order",
    method: "create",
  } as const;
  const ids = await make<number[]>(desk, draft, [[values]]);
  if (!ids) return;
  await make(desk, { ...draft, kind: "sale", expects: "event", method: "action_confirm" }, [ids]);
}

async function receiveGoods(desk: Desk, orderIds: number[]): Promise<void> {
  const found = await desk.session.call<{ picking_ids: number[] }[]>(
    "purchase.order",
    "read",
    [orderIds, ["picking_ids"]],
    {},
    desk.signal,
  );
  const pickings = found.kind === "committed" ? (found.value[0]?.picking_ids ?? []) : [];
  if (pickings.length === 0) return;
  const marker = desk.book.newMarker();
  const plan = {
    marker,
    kind: "receipt",
    expects: "silent",
    model: "stock.picking",
    method: "button_validate",
  } as const;
  await make(desk, plan, [pickings]);
}

export const importFields = ["name", "ref", "type", "email"];

export function importRow(marker: string, row: number, type: string): string[] {
  return [`Contact ${marker} ${row}`, `${marker}/${row}`, type, `${marker}.${row}@example.org`];
}

/** `load` rolls its savepoint back and says so in its result; the transaction around it is committed. */
export function hasNoIds(result: { readonly ids: unknown }): boolean {
  return result.ids === false;
}

export function make<T>(
  { book, session, signal }: Desk,
  plan: Omit<CallPlan, "args" | "kwargs">,
  args: readonly unknown[],
  kwargs: object = {},
): Promise<T | undefined> {
  return book.make<T>(session, { ...plan, args, kwargs }, signal);
}
