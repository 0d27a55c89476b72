import { readFileSync } from "node:fs";

const table = new URL("../odoo_addon/integration_monitor/tests/rights.csv", import.meta.url);

export const roles = ["employee", "staff", "user", "operator", "administrator"] as const;
export type Role = (typeof roles)[number];

interface Right {
  readonly kind: string;
  /** The menu's xml id, or the model's name. */
  readonly on: string;
  readonly right: string;
  /** Who has it, if only for what is his own. */
  readonly roles: ReadonlySet<Role>;
}

const rights = readRights();

/** The menus of the app and who has them, from the table that Odoo's own tests go over. */
export const menus = rights.filter(({ kind }) => kind === "menu");

/** Whether the role may look at records of the model; models that the table does not know are not ours. */
export function mayRead(role: Role, model: string): boolean {
  return rights.some(
    (row) => row.kind === "rows" && row.on === model && row.right === "read" && row.roles.has(role),
  );
}

function readRights(): readonly Right[] {
  const [header = [], ...rows] = readFileSync(table, "utf8")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  return rows.map((row) => {
    const cell = (name: string) => row[header.indexOf(name)] ?? "";
    const having = roles.filter((role) => ["yes", "own"].includes(cell(role)));
    return { kind: cell("kind"), on: cell("on"), right: cell("right"), roles: new Set(having) };
  });
}
