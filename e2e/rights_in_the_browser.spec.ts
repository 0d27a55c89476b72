import { type Browser, expect, type Page, test } from "@playwright/test";
import { deliveriesOf } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { archivePeople, findRecord, hire } from "./people.ts";
import { setSwitch } from "./receiver_client.ts";
import { groupsOf, has, isListed, menus, type Role, roles } from "./rights_table.ts";
import { screenshot } from "./screenshot.ts";

const root = "integration_monitor.integration_monitor_menu_root";
const configuration = "integration_monitor.integration_monitor_menu_configuration";
const neutralAddress = "/odoo/discuss";
/** Buttons that open a dialog first, and what the dialog does in the end. */
const methodBehind: Readonly<Record<string, string>> = {
  "Don't send": "action_cancel",
  "Assign…": "action_assign",
  "Snooze…": "action_snooze",
};

interface MenuPage {
  readonly menu: string;
  readonly address: string;
  /** Whose records it lists; empty for pages of our own. */
  readonly model: string;
}

interface Form {
  readonly name: string;
  readonly address: string;
  /** Under which the table of rights has its buttons. */
  readonly model: string;
}

interface FormButtons {
  readonly form: Form;
  readonly buttons: readonly string[];
}

let admin: OdooUser;
let pages: readonly MenuPage[];
let forms: readonly FormButtons[];
let refusedContactId: number;

test.beforeAll(async ({ browser }) => {
  admin = await OdooUser.logIn(browser, "admin");
  pages = await findPages();
  await setSwitch(false, "Nobody knows this contact");
  [refusedContactId = 0] = await admin.call<number[]>("res.partner", "create", [[{ name: "Rights story" }]]);
  await expect.poll(() => failedDelivery()).toBeDefined();
  await setSwitch(true);
  forms = await readForms(browser);
});

test.afterAll(async () => {
  await admin.call("integration.delivery", "action_retry", [[await failedDelivery()]]);
  await archivePeople(admin, roles.map(loginOf));
  await admin.close();
});

for (const role of roles) {
  test(`${role}: menus, pages and buttons are those of the rights table, and nothing else opens`, async ({
    browser,
  }) => {
    const person = await hire(browser, admin, { login: loginOf(role), groups: groupsOf[role] });
    const { page } = person;
    const open = menus.filter((menu) => has(role, "menu", menu, "open"));
    expect(await listMenus(page, open.includes(configuration))).toEqual(open.toSorted());
    // From the last to the first, which is where the app opens: each click leads to another address.
    for (const { menu } of pages.toReversed()) if (open.includes(menu)) await openMenu(page, menu);
    await screenshot(page, `rights_${role}`);
    for (const { menu, address, model } of pages) {
      if (open.includes(menu)) continue;
      // Some pages are in nobody's menu who may open them all the same, from a card or a link.
      if (model && has(role, "rows", model, "read")) await expectOpens(person, address);
      else await expectRefused(person, address);
    }
    await expectButtons(person, role);
    await person.close();
  });
}

function loginOf(role: Role): string {
  return `rights_${role}`;
}

async function failedDelivery(): Promise<number | undefined> {
  const rows = await deliveriesOf(admin, "res.partner", refusedContactId);
  return rows.find((row) => row.state === "failed")?.id;
}

/** Where each menu that has a page leads, as the administrator of the database reads it. */
async function findPages(): Promise<readonly MenuPage[]> {
  const found: MenuPage[] = [];
  for (const menu of menus) {
    const id = await findRecord(admin, menu);
    const [row] = await admin.call<{ action: string | false }[]>("ir.ui.menu", "read", [[id], ["action"]]);
    if (!row?.action) continue;
    const [kind = "", actionId] = row.action.split(",");
    const [action] = await admin.call<{ res_model: string | false }[]>(kind, "read", [
      [Number(actionId)],
      ["res_model"],
    ]);
    found.push({ menu, address: `/odoo/action-${actionId}`, model: action?.res_model || "" });
  }
  return found;
}

/** The menus of the app as the navigation bar shows them, the app itself and what Configuration unfolds included. */
async function listMenus(page: Page, hasConfiguration: boolean): Promise<string[]> {
  await page.goto(neutralAddress);
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
  await expectNoError(page);
}

async function expectNoError(page: Page): Promise<void> {
  await expect(
    page.locator(".o_action_manager .o_control_panel, .o_action_manager .o_action").first(),
  ).toBeVisible();
  await expect(page.locator(".o_error_dialog")).toHaveCount(0);
}

async function expectOpens(person: OdooUser, address: string): Promise<void> {
  await goTo(person, address);
  await expectNoError(person.page);
}

/** Says why, in a dialog of Odoo or on the page itself, and shows nothing else. */
async function expectRefused(person: OdooUser, address: string): Promise<void> {
  await goTo(person, address);
  const refusal = person.page.locator(".modal, .o_action_manager .alert-danger");
  await expect(refusal.filter({ hasText: /not allowed|takes the role|access error/i }).first()).toBeVisible();
  // Not counted: rows that Odoo makes up to show what an empty list will look like.
  const rows = person.page.locator(".o_action_manager > :not(:has(.o_view_sample_data)) .o_data_row");
  await expect(rows).toHaveCount(0);
}

/** Goes there from a page that shows nothing of ours, so that what was on the screen before counts for nothing. */
async function goTo(person: OdooUser, address: string): Promise<void> {
  const { page } = person;
  await person.visit(neutralAddress);
  await expect(page.locator(".o-mail-Discuss")).toBeVisible();
  for (const dialog of await page.locator(".modal").all()) {
    await dialog.getByRole("button", { name: "Close" }).first().click();
  }
  await expect(page.locator(".modal")).toHaveCount(0);
  await person.visit(address);
}

/** Each form shows the role those of its buttons that the table gives it; those of other people's records are refused. */
async function expectButtons(person: OdooUser, role: Role): Promise<void> {
  for (const { form, buttons } of forms) {
    const isDocument = form.model === "integration.document.mixin";
    if (!isDocument && !has(role, "rows", form.model, "read")) {
      await expectRefused(person, form.address);
      continue;
    }
    // A document shows what belongs to deliveries only to whom it has some.
    const isEmpty = isDocument && !has(role, "rows", "integration.delivery", "read");
    const given = isEmpty ? [] : buttons.filter((method) => mayCall(role, form, method));
    expect(await listButtons(person, form), `${form.name} as ${role}`).toEqual(given);
    await screenshot(person.page, `rights_${role}_${form.name}`);
  }
}

/** The forms, and all buttons that they have for somebody: those of the administrator. */
async function readForms(browser: Browser): Promise<readonly FormButtons[]> {
  const all = await OdooUser.logIn(browser, "integration_admin");
  await all.page.goto(neutralAddress);
  const found: FormButtons[] = [];
  for (const form of await findForms()) found.push({ form, buttons: await listButtons(all, form) });
  await all.close();
  return found;
}

async function findForms(): Promise<readonly Form[]> {
  const endpointId = await admin.idOf("integration.endpoint", "Sample receiver");
  const eventTypeId = await admin.idOf("integration.event.type", "Customer invoice posted");
  return [
    {
      name: "contact",
      address: `/odoo/action-base.action_partner_form/${refusedContactId}`,
      model: "integration.document.mixin",
    },
    {
      name: "delivery",
      address: `/odoo/integration-deliveries/${await failedDelivery()}`,
      model: "integration.delivery",
    },
    { name: "endpoint", address: `/odoo/integration-endpoints/${endpointId}`, model: "integration.endpoint" },
    {
      name: "event_type",
      address: `/odoo/integration-event-types/${eventTypeId}`,
      model: "integration.event.type",
    },
  ];
}

/** The methods behind the buttons that the form shows, sorted; those that the table does not know are left out. */
async function listButtons(person: OdooUser, form: Form): Promise<string[]> {
  await goTo(person, form.address);
  const view = person.page.locator(".o_form_view");
  await expect(view).toBeVisible();
  const buttons = await view
    .locator("button:visible")
    .evaluateAll((found) => found.map((button) => [button.textContent?.trim(), button.getAttribute("name")]));
  const methods = buttons.map(([label, name]) => methodBehind[label ?? ""] ?? name ?? "");
  return [...new Set(methods)].filter((method) => modelOf(form, method)).sort();
}

function mayCall(role: Role, form: Form, method: string): boolean {
  return has(role, "method", modelOf(form, method) ?? "", method);
}

/** A document's banner acts on its deliveries. */
function modelOf({ model }: Form, method: string): string | undefined {
  return [model, "integration.delivery"].find((name) => isListed("method", name, method));
}
