import { invoice } from "./invoices.ts";
import { type Desk, hasNoIds, importFields, importRow, make } from "./transactions.ts";

// Business transactions that write, fire the rules and then fail: nothing of them may be told to anyone.

/** A good contact is created below a shared one, then a bank account that no column takes ends the transaction. */
export async function failAfterContact(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const plan = {
    marker,
    kind: "contact, then failure",
    expects: "rollback",
    model: "res.partner",
    method: "write",
  } as const;
  const child = [0, 0, { name: `Contact ${marker}`, ref: marker }];
  const values = { child_ids: [child], bank_ids: [[0, 0, { acc_number: false }]] };
  await make(desk, plan, [[desk.random.pick(desk.catalogue.hotContacts)], values]);
}

/** A constraint of the table fails on the last of several contacts. */
export async function failInBatch(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const plan = {
    marker,
    kind: "contacts, last one bad",
    expects: "rollback",
    model: "res.partner",
    method: "create",
  } as const;
  const good = [0, 1, 2].map((row) => ({ name: `Contact ${marker} ${row}`, ref: `${marker}/${row}` }));
  await make(desk, plan, [[...good, { name: false, type: "contact", ref: `${marker}/3` }]]);
}

/** An import with one bad row: every row is written in a savepoint, then all are rolled back. */
export async function failInImport(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const count = desk.random.integer(4, 12);
  const bad = desk.random.integer(1, count - 1);
  const rows = Array.from({ length: count }, (_, row) =>
    importRow(marker, row, row === bad ? "no such type" : "contact"),
  );
  const plan = {
    marker,
    kind: "import with a bad row",
    expects: "rollback",
    model: "res.partner",
    method: "load",
  } as const;
  await make(desk, { ...plan, isRefusal: hasNoIds }, [importFields, rows]);
}

/** "Test" in the import screen: everything is written in a savepoint that is rolled back in the end. */
export async function tryImport(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const rows = Array.from({ length: desk.random.integer(4, 12) }, (_, row) =>
    importRow(marker, row, "contact"),
  );
  const file = [importFields, ...rows].map((cells) => cells.join(",")).join("\n");
  const upload = { res_model: "res.partner", file, file_name: "contacts.csv", file_type: "text/csv" };
  const draft = {
    marker,
    kind: "import upload",
    expects: "silent",
    model: "base_import.import",
    method: "create",
  } as const;
  const ids = await make<number[]>(desk, draft, [[upload]]);
  if (!ids) return;
  const plan = {
    ...draft,
    kind: "import, test only",
    expects: "rollback",
    method: "execute_import",
  } as const;
  await make(desk, { ...plan, isRefusal: () => true }, [ids, importFields, importFields, importOptions], {
    dryrun: true,
  });
}

const importOptions = {
  ...{ has_headers: true, separator: ",", quoting: '"', encoding: "utf-8", sheet: "", keep_matches: false },
  ...{
    import_skip_records: [],
    import_set_empty_fields: [],
    fallback_values: {},
    name_create_enabled_fields: {},
  },
  ...{ date_format: "", datetime_format: "", float_thousand_separator: ",", float_decimal_separator: "." },
  ...{ advanced: true, limit: 2000, skip: 0 },
};

/** Two invoices are posted at once, the second of which has nothing on it. */
export async function failToPost(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const draft = {
    marker,
    kind: "invoice drafts",
    expects: "silent",
    model: "account.move",
    method: "create",
  } as const;
  const empty = { ...invoice(desk, `${marker}/1`, "out_invoice"), invoice_line_ids: [] };
  const ids = await make<number[]>(desk, draft, [[invoice(desk, `${marker}/0`, "out_invoice"), empty]]);
  if (!ids) return;
  await make(desk, { ...draft, kind: "invoices, one empty", expects: "rollback", method: "action_post" }, [
    ids,
  ]);
}

const missingProduct = 2_000_000_000;

/** An order becomes confirmed by a plain write, in the same call that adds a line of a product that is not there. */
export async function failToConfirm(desk: Desk): Promise<void> {
  const marker = desk.book.newMarker();
  const { catalogue, random } = desk;
  const values = { partner_id: random.pick(catalogue.customers), client_order_ref: marker };
  const draft = {
    marker,
    kind: "sale draft",
    expects: "silent",
    model: "sale.order",
    method: "create",
  } as const;
  const ids = await make<number[]>(desk, draft, [[values]]);
  if (!ids) return;
  const plan = { ...draft, kind: "sale, then failure", expects: "rollback", method: "write" } as const;
  await make(desk, plan, [
    ids,
    { state: "sale", order_line: [[0, 0, { product_id: missingProduct, product_uom_qty: 1 }]] },
  ]);
}
