import type { Browser } from "@playwright/test";
import { OdooUser } from "./odoo_user.ts";

const password = "a password for a story";

interface Person {
  readonly login: string;
  readonly groups: readonly string[];
  readonly companyId?: number;
  readonly email?: string;
}

/** Lets the administrator hire somebody, and logs that person in. */
export async function hire(
  browser: Browser,
  admin: OdooUser,
  { login, groups, companyId, email = "" }: Person,
): Promise<OdooUser> {
  const groupIds = await Promise.all(groups.map((xmlId) => findRecord(admin, xmlId)));
  const company = companyId ? { company_id: companyId, company_ids: [[6, 0, [companyId]]] } : {};
  await admin.call("res.users", "create", [
    [{ name: login.replaceAll("_", " "), login, password, email, group_ids: [[6, 0, groupIds]], ...company }],
  ]);
  return OdooUser.logIn(browser, login, password);
}

export async function archivePeople(admin: OdooUser, logins: readonly string[]): Promise<void> {
  const ids = await admin.call<number[]>("res.users", "search", [[["login", "in", logins]]]);
  await admin.call("res.users", "write", [ids, { active: false }]);
}

/** The id of the record with that xml id. */
export async function findRecord(admin: OdooUser, xmlId: string): Promise<number> {
  const [module, name] = xmlId.split(".");
  const domain = [
    ["module", "=", module],
    ["name", "=", name],
  ];
  const [row] = await admin.call<{ res_id: number }[]>("ir.model.data", "search_read", [domain, ["res_id"]]);
  if (!row) throw new Error(`Odoo knows no record ${xmlId}`);
  return row.res_id;
}
