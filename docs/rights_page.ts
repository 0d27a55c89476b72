import { readFileSync, writeFileSync } from "node:fs";

// Prints the table of rights, which the tests go over, as the page docs/rights.md.
// `node docs/rights_page.ts --write` writes the page anew after the table has changed.

const tableFile = new URL("../odoo_addon/integration_monitor/tests/rights.csv", import.meta.url);
export const pageFile = new URL("./rights.md", import.meta.url);

const introduction = `# Who may do what

Made from [rights.csv](../odoo_addon/integration_monitor/tests/rights.csv), which the tests go over cell by cell: every model and
every public method is called over RPC as each role, in two companies, and menus, pages and buttons are looked up as each role gets
them. What is not in the table makes them fail. After a change: \`node docs/rights_page.ts --write\`.

| Role | Is |
|---|---|
| public, portal | A visitor, and a customer or vendor with a login |
| employee | Works in Odoo, but in no business area that documents of the test belong to |
| staff | Works in the area that the document belongs to: accountant, buyer, warehouse, sales, contacts |
| user, operator, administrator | The three roles of *Integration Monitor* |
| sidecar | The account of the sidecar |

✓ allowed · ✗ refused · **own** only what belongs to documents of one's own area that one may read, or that one has opened or asked
for oneself · an \`IM_\` code: nothing is there for this role, and it is told so. **Company**: what belongs to a company that is not
selected is refused to every role.
`;

const titles: Readonly<Record<string, string>> = {
  rows: "Records",
  method: "Actions and methods",
  menu: "Menus",
};

/** Returns the page as Markdown. */
export function renderRightsPage(): string {
  const [head = [], ...lines] = readFileSync(tableFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const roles = head.slice(4);
  const sections = Object.entries(titles).map(([kind, title]) => {
    const rows = lines.filter(([lineKind]) => lineKind === kind);
    return `\n## ${title}\n\n${renderTable(kind, roles, rows)}\n`;
  });
  return introduction + sections.join("");
}

function renderTable(kind: string, roles: readonly string[], rows: readonly (readonly string[])[]): string {
  const heads =
    kind === "menu" ? ["Menu"] : kind === "rows" ? ["Model", "To", "Company"] : ["Method", "Company"];
  const header = [...heads, ...roles];
  const body = rows.map((row) => [...renderSubject(kind, row), ...row.slice(4).map(renderCell)]);
  return [header, header.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function renderSubject(kind: string, [, on = "", right = "", company]: readonly string[]): string[] {
  const byCompany = company === "yes" ? "✓" : "";
  switch (kind) {
    case "rows":
      return [`\`${on}\``, right, byCompany];
    case "method":
      return [`\`${on}\` \`${right}\``, byCompany];
    default:
      return [`\`${on.replace("integration_monitor.integration_monitor_menu_", "")}\``];
  }
}

function renderCell(cell: string): string {
  if (cell === "yes") return "✓";
  if (cell === "no") return "✗";
  return cell === "own" ? "own" : `\`${cell}\``;
}

if (process.argv.includes("--write")) writeFileSync(pageFile, renderRightsPage());
