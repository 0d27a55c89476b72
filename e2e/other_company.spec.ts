import { expect, test } from "@playwright/test";
import { deliveriesOf, expectDeliveries, invoiceAction, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { archivePeople, hire } from "./people.ts";
import { setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const login = "rights_neighbour";

test.afterEach(() => setSwitch(true));

test("who works in another company sees nothing of ours, on any page or by any address", async ({
  browser,
}) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  const admin = await OdooUser.logIn(browser, "admin");
  const [companyId = 0] = await admin.call<number[]>("res.company", "create", [
    [{ name: "Neighbour Clinic" }],
  ]);
  const groups = ["account.group_account_invoice", "integration_monitor.group_operator"];
  const neighbour = await hire(browser, admin, { login, groups, companyId });
  const { page } = neighbour;
  await setSwitch(false, "Not for others");
  const invoiceId = await postInvoice(accountant, "ours alone", 9);
  const refused = async () =>
    (await deliveriesOf(accountant, "account.move", invoiceId)).find((row) => row.state === "failed")?.id;
  await expect.poll(refused).toBeDefined();
  const deliveryId = await refused();
  // Contacts without a company belong to everybody, and so do their deliveries; invoices never do.
  const ours = page.locator("body").getByText(/INV\/|ours alone/);
  expect(await deliveriesOf(neighbour, "account.move", invoiceId)).toEqual([]);
  for (const list of ["integration-deliveries", "integration-exceptions"]) {
    await page.goto(`/odoo/${list}`);
    await expect(page.locator(".o_list_renderer, .o_view_nocontent").first()).toBeVisible();
    await expect(ours).toHaveCount(0);
  }
  await page.goto("/odoo/integrations");
  await expect(page.locator(".o_integration_overview_header")).toContainText("No system is connected yet");
  await expect(page.locator(".o_integration_exception_button")).toHaveCount(0);
  await screenshot(page, "other_company_overview");
  for (const address of [`integration-deliveries/${deliveryId}`, `action-${invoiceAction}/${invoiceId}`]) {
    await page.goto(`/odoo/${address}`);
    await expect(page.locator(".o_error_dialog")).toContainText("Access Error");
    await expect(ours).toHaveCount(0);
  }

  await setSwitch(true);
  await accountant.call("integration.delivery", "action_retry", [[deliveryId]]);
  await expectDeliveries(accountant, "account.move", invoiceId, "delivered");
  await archivePeople(admin, [login]);
  await Promise.all([neighbour.close(), accountant.close(), admin.close()]);
});
