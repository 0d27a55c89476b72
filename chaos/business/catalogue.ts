import { OdooSession } from "../../stack/odoo_session.ts";

export interface Catalogue {
  readonly customers: readonly number[];
  readonly vendors: readonly number[];
  readonly products: readonly number[];
  readonly bankJournal: number;
  /** Contacts that everyone writes at the same time. */
  readonly hotContacts: readonly number[];
  readonly logins: readonly string[];
}

const peopleCount = 6;
const hotContactCount = 4;
const groups = [
  "base.group_user",
  "base.group_partner_manager",
  "account.group_account_invoice",
  "account.group_account_user",
  "purchase.group_purchase_user",
  "sales_team.group_sale_salesman_all_leads",
  "stock.group_stock_user",
];

/** People with every business right, and the records they work with. */
export async function prepareCatalogue(
  url: string,
  database: string,
  signal: AbortSignal,
): Promise<Catalogue> {
  const admin = new OdooSession(url, database, "admin");
  const read = <T>(model: string, method: string, args: readonly unknown[], kwargs: object = {}) =>
    admin.read<T>(model, method, args, kwargs, signal);
  const idsOf = (model: string, domain: unknown[]) =>
    read<number[]>(model, "search", [domain], { limit: 20 });

  const groupRows = await read<{ res_id: number; complete_name: string }[]>("ir.model.data", "search_read", [
    [["model", "=", "res.groups"]],
    ["res_id", "complete_name"],
  ]);
  const groupIds = groupRows
    .filter(({ complete_name }) => groups.includes(complete_name))
    .map((row) => row.res_id);
  if (groupIds.length !== groups.length) throw new Error(`Odoo lacks one of the groups ${groups.join(", ")}`);
  const logins = Array.from({ length: peopleCount }, (_, index) => `person_${index + 1}`);
  await read("res.users", "create", [
    logins.map((login) => ({ name: login, login, password: login, group_ids: [[6, 0, groupIds]] })),
  ]);
  const hotContacts = await read<number[]>("res.partner", "create", [
    Array.from({ length: hotContactCount }, (_, index) => ({
      name: `Shared contact ${index + 1}`,
      is_company: true,
    })),
  ]);
  const companies = await idsOf("res.partner", [
    ["is_company", "=", true],
    ["partner_share", "=", true],
    ["id", "not in", hotContacts],
  ]);
  const [bankJournal = 0] = await idsOf("account.journal", [["type", "=", "bank"]]);
  const products = await idsOf("product.product", [
    ["purchase_ok", "=", true],
    ["sale_ok", "=", true],
    ["type", "=", "consu"],
  ]);
  if (companies.length === 0 || products.length === 0) throw new Error("The sample data is missing");
  return { customers: companies, vendors: companies, products, bankJournal, hotContacts, logins };
}
