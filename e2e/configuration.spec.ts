import { expect, test } from "@playwright/test";
import { postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { screenshot } from "./screenshot.ts";

const screens = [
  {
    path: "integration-endpoints",
    model: "integration.endpoint",
    shows: "Sample receiver",
    name: "endpoint",
  },
  {
    path: "integration-event-types",
    model: "integration.event.type",
    shows: "Customer invoice posted",
    name: "event_type",
  },
  { path: "integration-events", model: "integration.event", shows: "Customer invoice posted", name: "event" },
];

for (const { path, model, shows, name } of screens) {
  test(`the administrator of integrations reads and opens ${name.replace("_", " ")}s`, async ({
    browser,
  }) => {
    const admin = await OdooUser.logIn(browser, "integration_admin");
    const { page } = admin;
    await page.goto(`/odoo/${path}`);
    await expect(page.locator(".o_content")).toContainText(shows);
    await screenshot(page, `${name}_list`);
    const field = model === "integration.event" ? "event_type_id.name" : "name";
    const [id] = await admin.call<number[]>(model, "search", [[[field, "=", shows]]], { limit: 1 });
    await page.goto(`/odoo/${path}/${id}`);
    await expect(page.locator(".o_form_view")).toContainText(shows);
    await expect(page.locator(".o_form_view")).not.toContainText("Invalid domain");
    await screenshot(page, `${name}_form`);
    await admin.close();
  });
}

test.beforeAll(async ({ browser }) => {
  const accountant = await OdooUser.logIn(browser, "accountant");
  await postInvoice(accountant, "something to look at");
  await accountant.close();
});

test("the settings of the app tell whether the sidecar runs, and lead on", async ({ browser }) => {
  const admin = await OdooUser.logIn(browser, "admin");
  const { page } = admin;
  await page.goto("/odoo/action-integration_monitor.integration_monitor_action_settings");
  const settings = page.locator(".app_settings_block[data-key=integration_monitor]");
  await expect(settings).toContainText("Running: ");
  await screenshot(page, "settings");
  await settings.getByRole("button", { name: "Endpoints" }).click();
  await expect(page.locator(".o_list_view")).toContainText("Sample receiver");
  await admin.close();
});

test("a signing secret is shown once when it is made, and nowhere else", async ({ browser }) => {
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  const [id] = await admin.call<number[]>("integration.endpoint", "create", [
    [{ name: "Payer portal", url: "https://payer.example/hooks" }],
  ]);
  await page.goto(`/odoo/integration-endpoints/${id}`);
  await page.getByRole("tab", { name: "Security" }).click();
  await page.locator("button[name=action_generate_signing_secret]").click();
  await page.getByRole("dialog").getByRole("button", { name: "Ok" }).click();
  await expect(page.locator(".o_notification")).toContainText("whsec_");
  const secret =
    /whsec_[\w+/=]+/.exec((await page.locator(".o_notification").textContent()) ?? "")?.[0] ?? "";
  expect(Buffer.from(secret.slice("whsec_".length), "base64").length).toBeGreaterThanOrEqual(24);
  await screenshot(page, "signing_secret_shown_once");

  await page.reload();
  await expect(page.locator(".o_form_view")).toContainText("Payer portal");
  expect(await page.content()).not.toContain(secret);
  const everything = await admin.call("integration.endpoint", "read", [[id]]);
  expect(JSON.stringify(everything)).not.toContain("whsec_");
  await expect(admin.call("integration.endpoint", "read", [[id], ["signing_secret"]])).rejects.toThrow(
    /Access/,
  );
  await admin.call("integration.endpoint", "unlink", [[id]]);
  await admin.close();
});

test("a salesperson sees no configuration and may not change it over RPC", async ({ browser }) => {
  const sales = await OdooUser.logIn(browser, "sales");
  for (const model of ["integration.endpoint", "integration.event.type", "integration.event"]) {
    await expect(sales.call(model, "search_read", [[]]), model).rejects.toThrow(/AccessError/);
  }
  await expect(sales.call("integration.endpoint", "action_pause", [[1]])).rejects.toThrow(/AccessError/);
  await expect(
    sales.call("integration.sidecar", "claim", [], { worker: "w", limit: 1, credits: {} }),
  ).rejects.toThrow(/AccessError/);
  await sales.close();
});
