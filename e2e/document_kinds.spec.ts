import { expect, test } from "@playwright/test";
import { anyCustomer, anyProduct, expectDeliveries } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const refusal = "Cost centre 4711 is closed";

/** Documents that no other story opens, each made and done by whoever does that in the sample company. */
const kinds: Readonly<
  Record<string, { readonly login: string; make(user: OdooUser): Promise<DocumentKey> }>
> = {
  "vendor bill": { login: "accountant", make: postBill },
  payment: { login: "accountant", make: postPayment },
  "sales order": { login: "sales", make: confirmSale },
  "outgoing transfer": { login: "warehouse", make: shipGoods },
};

type DocumentKey = readonly [model: string, id: number];

test.afterEach(() => setSwitch(true));

for (const [kind, { login, make }] of Object.entries(kinds)) {
  test(`a refused ${kind} tells ${login} why on its form, and is delivered after Retry`, async ({
    browser,
  }) => {
    const user = await OdooUser.logIn(browser, login);
    const { page } = user;
    await setSwitch(false, refusal);
    const [model, id] = await make(user);
    await page.goto(`/odoo/${model}/${id}`);
    await expect(page.locator(".o_integration_banner")).toContainText(refusal);
    await expect(page.locator("[name=integration_state]")).toContainText("Needs attention");
    await screenshot(page, `refused_${kind.replaceAll(" ", "_")}`);
    await setSwitch(true);
    await page.locator("button[name=action_integration_retry]").first().click();
    await expect(page.locator("[name=integration_state]")).toContainText("Delivered");
    await expect(page.locator(".o_integration_banner")).toHaveCount(0);
    await expectDeliveries(user, model, id, "delivered");
    await user.close();
  });
}

async function create(user: OdooUser, model: string, values: object): Promise<number> {
  const [id = 0] = await user.call<number[]>(model, "create", [[values]]);
  return id;
}

async function postBill(user: OdooUser): Promise<DocumentKey> {
  const id = await create(user, "account.move", {
    move_type: "in_invoice",
    partner_id: await anyCustomer(user),
    invoice_date: new Date().toISOString().slice(0, 10),
    ref: `bill ${Date.now()}`,
    invoice_line_ids: [[0, 0, { name: "Gloves", quantity: 40, price_unit: 7.25 }]],
  });
  await user.call("account.move", "action_post", [[id]]);
  return ["account.move", id];
}

async function postPayment(user: OdooUser): Promise<DocumentKey> {
  const id = await create(user, "account.payment", {
    payment_type: "inbound",
    partner_type: "customer",
    partner_id: await anyCustomer(user),
    amount: 310.4,
  });
  await user.call("account.payment", "action_post", [[id]]);
  return ["account.payment", id];
}

async function confirmSale(user: OdooUser): Promise<DocumentKey> {
  const id = await create(user, "sale.order", {
    partner_id: await anyCustomer(user),
    order_line: [[0, 0, { product_id: await anyProduct(user), product_uom_qty: 6 }]],
  });
  await user.call("sale.order", "action_confirm", [[id]]);
  return ["sale.order", id];
}

async function shipGoods(user: OdooUser): Promise<DocumentKey> {
  const [type] = await user.call<{ id: number; default_location_src_id: [number, string] }[]>(
    "stock.picking.type",
    "search_read",
    [[["code", "=", "outgoing"]], ["default_location_src_id"]],
    { limit: 1 },
  );
  const [customers] = await user.call<number[]>("stock.location", "search", [[["usage", "=", "customer"]]]);
  const places = { location_id: type?.default_location_src_id[0], location_dest_id: customers };
  const move = { product_id: await anyProduct(user), product_uom_qty: 3, ...places };
  const id = await create(user, "stock.picking", {
    picking_type_id: type?.id,
    partner_id: await anyCustomer(user),
    move_ids: [[0, 0, move]],
    ...places,
  });
  await user.call("stock.picking", "action_confirm", [[id]]);
  const moves = await user.call<number[]>("stock.move", "search", [[["picking_id", "=", id]]]);
  await user.call("stock.move", "write", [moves, { quantity: 3, picked: true }]);
  await user.call("stock.picking", "button_validate", [[id]], { context: { skip_sms: true } });
  return ["stock.picking", id];
}
