import { type Browser, expect, type Page, test } from "@playwright/test";
import { deliveriesOf, expectDeliveries, invoiceAction, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { archivePeople, findRecord, hire } from "./people.ts";
import { setSwitch } from "./receiver_client.ts";
import { mayRead, menus, type Role, roles } from "./rights_table.ts";
import { screenshot } from "./screenshot.ts";

const sampleLogins: Partial<Record<Role, string>> = {
  staff: "accountant",
  administrator: "integration_admin",
};
const hiredGroups: Partial<Record<Role, readonly string[]>> = {
  employee: ["base.group_user"],
  user: ["base.group_user", "integration_monitor.group_user"],
  operator: ["base.group_user", "integration_monitor.group_operator"],
};
const root = "integration_monitor.integration_monitor_menu_root";
const configuration = "integration_monitor.integration_monitor_menu_configuration";

let pages: readonly MenuPage[] | undefined;

test.beforeEach(() => setSwitch(true));
test.afterEach(() => setSwitch(true));

for (const role of roles) {
  test(`${role}: the menus are those of the rights table, each opens, and the others' pages show nothing`, async ({
    browser,
  }) => {
    pages ??= await findPages(browser);
    const person = await logInAs(browser, role);
    const { page } = person;
    const open = menus.filter((menu) => menu.roles.has(role)).map((menu) => menu.on);
    expect(await listMenus(page, open.includes(configuration))).toEqual(open.sort());
    // From the last to the first, which is where the app opens: each click leads to another address.
    for (const { menu } of pages.toReversed()) if (open.includes(menu)) await openMenu(page, menu);
    for (const { menu, address, model } of pages) {
      // Some pages are in nobody's menu who may open them all the same, from a card or a link.
      if (open.includes(menu) || mayRead(role, model)) continue;
      await page.goto(address);
      await expectRefused(page);
    }
    await screenshot(page, `rights_${role}`);
    await person.close();
    if (role in hiredGroups) await archivePeople(browser, [loginOf(role)]);
  });
}

test("who works in another company sees nothing of ours, on any page or by any address", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  await setSwitch(false, "Not for others");
  const invoiceId = await postInvoice(accountant, "ours alone", 9);
  const refused = async () =>
    (await deliveriesOf(accountant, "account.move", invoiceId)).find((row) => row.state === "failed")?.id;
  await expect.poll(refused).toBeDefined();
  const deliveryId = await refused();
  const neighbour = await hireNeighbour(browser);
  const { page } = neighbour;
  expect(await deliveriesOf(neighbour, "account.move", invoiceId)).toEqual([]);
  for (const list of ["integration-deliveries", "integration-exceptions"]) {
    await page.goto(`/odoo/${list}`);
    await expect(page.locator(".o_list_renderer, .o_view_nocontent").first()).toBeVisible();
    // Contacts without a company belong to everybody, and so do their deliveries; invoices never do.
    await expect(realRows(page).filter({ hasText: "INV/" })).toHaveCount(0);
    await expect(page.getByText("ours alone")).toHaveCount(0);
  }
  await page.goto("/odoo/integrations");
  await expect(page.locator(".o_integration_overview_header")).toContainText("No system is connected yet");
  await expect(page.locator(".o_integration_exception_button")).toHaveCount(0);
  await screenshot(page, "rights_other_company_overview");
  await page.goto(`/odoo/integration-deliveries/${deliveryId}`);
  await expectRefused(page);
  await page.goto(`/odoo/action-${invoiceAction}/${invoiceId}`);
  await expectRefused(page);

  await setSwitch(true);
  await accountant.call("integration.delivery", "action_retry", [[deliveryId]]);
  await expectDeliveries(accountant, "account.move", invoiceId, "delivered");
  await neighbour.close();
  await accountant.close();
  await archivePeople(browser, ["rights_neighbour"]);
});

function loginOf(role: Role): string {
  return sampleLogins[role] ?? `rights_${role}`;
}

function logInAs(browser: Browser, role: Role): Promise<OdooUser> {
  const groups = hiredGroups[role];
  return groups ? hire(browser, { login: loginOf(role), groups }) : OdooUser.logIn(browser, loginOf(role));
}

async function hireNeighbour(browser: Browser): Promise<OdooUser> {
  const admin = await OdooUser.logIn(browser, "admin");
  const [companyId] = await admin.call<number[]>("res.company", "create", [[{ name: "Neighbour Clinic" }]]);
  await admin.close();
  return hire(browser, {
    login: "rights_neighbour",
    groups: ["account.group_account_invoice", "integration_monitor.group_operator"],
    ...(companyId === undefined ? {} : { companyId }),
  });
}

interface MenuPage {
  readonly menu: string;
  readonly address: string;
  /** Whose records it lists; empty for pages of our own. */
  readonly model: string;
}

/** Where each menu that has a page leads, as the administrator of the database reads it. */
async function findPages(browser: Browser): Promise<readonly MenuPage[]> {
  const admin = await OdooUser.logIn(browser, "admin");
  const pages: MenuPage[] = [];
  for (const { on: menu } of menus) {
    const id = await findRecord(admin, menu);
    const [row] = await admin.call<{ action: string | false }[]>("ir.ui.menu", "read", [[id], ["action"]]);
    if (!row?.action) continue;
    const [kind = "", actionId] = row.action.split(",");
    const [action] = await admin.call<{ res_model: string | false }[]>(kind, "read", [
      [Number(actionId)],
      ["res_model"],
    ]);
    pages.push({ menu, address: `/odoo/action-${actionId}`, model: action?.res_model || "" });
  }
  await admin.close();
  return pages;
}

/** The menus of the app as the navigation bar shows them, the app itself and what Configuration unfolds included. */
async function listMenus(page: Page, hasConfiguration: boolean): Promise<string[]> {
  await page.goto("/odoo");
  await page.locator(".o_navbar_apps_menu button").click();
  const app = page.locator(`.o-dropdown--menu [data-menu-xmlid="${root}"]`);
  await expect(page.locator(".o-dropdown--menu")).toBeVisible();
  if ((await app.count()) === 0) return [];
  await app.click();
  await expect(page.locator(".o_menu_brand")).toHaveText("Integrations");
  const sections = page.locator(".o_menu_sections");
  const shown = [root, ...(await readXmlIds(sections))];
  if (hasConfiguration) {
    await sections.getByRole("button", { name: "Configuration" }).click();
    shown.push(configuration, ...(await readXmlIds(page.locator(".o-dropdown--menu"))));
  }
  return [...new Set(shown)].sort();
}

function readXmlIds(part: ReturnType<Page["locator"]>): Promise<string[]> {
  return part
    .locator("[data-menu-xmlid]")
    .evaluateAll((items) => items.map((item) => item.getAttribute("data-menu-xmlid") ?? ""));
}

async function openMenu(page: Page, menu: string): Promise<void> {
  const before = page.url();
  const item = page.locator(`[data-menu-xmlid="${menu}"]`).first();
  if (!(await item.isVisible())) {
    await page.locator(".o_menu_sections").getByRole("button", { name: "Configuration" }).click();
  }
  await item.click();
  await expect(page).not.toHaveURL(before);
  await expect(
    page.locator(".o_action_manager .o_control_panel, .o_action_manager .o_action").first(),
  ).toBeVisible();
  await expect(page.locator(".o_error_dialog")).toHaveCount(0);
}

/** Says why, in a dialog of Odoo or on the page itself, and shows nothing else. */
async function expectRefused(page: Page): Promise<void> {
  const refusal = page.locator(".modal, .o_action_manager .alert-danger");
  await expect(refusal.filter({ hasText: /not allowed|takes the role|access error/i }).first()).toBeVisible();
  await expect(realRows(page)).toHaveCount(0);
}

/** Rows of a list, but not those that Odoo makes up to show what an empty list will look like. */
function realRows(page: Page) {
  return page.locator(".o_action_manager > :not(:has(.o_view_sample_data)) .o_data_row");
}
