import { readFileSync } from "node:fs";

const table = new URL("../odoo_addon/integration_monitor/tests/rights.csv", import.meta.url);

/** The roles that have a screen, with their groups as in Odoo's own tests of the table. */
export const groupsOf = {
  employee: ["base.group_user"],
  staff: ["base.group_user", "base.group_partner_manager"],
  user: ["base.group_user", "integration_monitor.group_user"],
  operator: ["base.group_user", "integration_monitor.group_operator"],
  administrator: ["base.group_user", "integration_monitor.group_manager"],
} as const;
export type Role = keyof typeof groupsOf;
export const roles = Object.keys(groupsOf) as readonly Role[];

type Kind = "rows" | "method" | "menu";

const rights = readRights();

/** The xml ids of the app's menus, in the order of the table. */
export const menus = [...rights.keys()]
  .filter((key) => key.startsWith("menu "))
  .map((key) => key.split(" ")[1] ?? "");

/** Whether the table knows the right at all: of other modules' models and methods it says nothing. */
export function isListed(kind: Kind, on: string, right: string): boolean {
  return rights.has(`${kind} ${on} ${right}`);
}

/** Whether the role has it; "own" rights count for what is the role's own. */
export function has(role: Role, kind: Kind, on: string, right: string): boolean {
  return ["yes", "own"].includes(rights.get(`${kind} ${on} ${right}`)?.[role] ?? "no");
}

function readRights(): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const [header = [], ...rows] = readFileSync(table, "utf8")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  return new Map(
    rows.map((row) => {
      const cells = Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""]));
      return [`${cells.kind} ${cells.on} ${cells.right}`, cells];
    }),
  );
}
