import { expect, type Page, test } from "@playwright/test";
import { OdooUser } from "./odoo_user.ts";
import { openSigned, startOwnReceiver } from "./own_receiver.ts";
import { startOwnSidecar } from "./own_sidecar.ts";
import { screenshot } from "./screenshot.ts";
import { passwordOf, readState } from "./stack_state.ts";

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 900 };

test("a system administrator connects one more sidecar with what the page shows, and nothing else", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "admin");
  const { page } = admin;
  await page.goto("/odoo/integration-setup");
  await openStep(page, "sidecar");
  await page.locator(".o_integration_setup_unfold").click();
  await page.getByLabel("Stay: the new one is for one more sidecar").check();
  await page.locator(".o_integration_setup_make_key").click();
  // Odoo asks who is there before it makes a key, as for every API key.
  await page.locator(".modal input[type=password]").fill(passwordOf("admin"));
  await page.locator(".modal-footer .btn-primary").click();
  const key = (await page.locator(".o_integration_secret_value").textContent()) ?? "";
  await page.getByLabel("Address of Odoo, as the sidecar reaches it").fill(readState().odoo_url);
  await page.getByLabel("Address of RabbitMQ").fill(readState().amqp_url);
  await page.locator("[data-kind=npm]").click();
  const file = (await page.locator('[data-file="integration_sidecar.env"] pre').textContent()) ?? "";
  expect(file).toContain(`ODOO_API_KEY=${key}`);
  await expectWaiting(page);
  await screenshotBoth(page, "setup_sidecar_key");

  const sidecar = startOwnSidecar(file, "one more sidecar");
  try {
    await expect(page.locator(".o_integration_setup_watch")).toContainText("has reported with the new key", {
      timeout: 40_000,
    });
    await expect(page.locator(".o_integration_setup_watch")).toContainText("one more sidecar");
    await screenshot(page, "setup_sidecar_arrived");
  } finally {
    await sidecar.stop();
  }

  await page.reload();
  await openStep(page, "sidecar");
  await page.locator(".o_integration_setup_unfold").click();
  await expect(page.locator(".o_integration_setup_keys")).toContainText("Sidecar, made by");
  expect(await page.content()).not.toContain(key);
  await admin.close();
});

test("the administrator of integrations connects a new endpoint from nothing", async ({ browser }) => {
  const receiver = await startOwnReceiver();
  const admin = await OdooUser.logIn(browser, "integration_admin");
  const { page } = admin;
  const name = `Claims portal ${Date.now()}`;
  try {
    await page.goto("/odoo/integration-setup");
    await openStep(page, "endpoint");
    await page.locator(".o_integration_setup_pick").selectOption("");
    await page.getByLabel("What people call it").fill(name);
    await page.getByLabel("Address that receives the events").fill(receiver.url);
    await page.locator(".o_integration_setup_create").click();
    await expect(page.locator(".o_integration_step_error")).toContainText("Allowed Addresses");
    await page.getByLabel("It is inside our network").check();
    await page.getByLabel("Allowed addresses").fill("127.0.0.1");
    await page.locator(".o_integration_setup_create").click();
    const secret = (await page.locator(".o_integration_secret_value").textContent()) ?? "";
    await screenshotBoth(page, "setup_endpoint");

    await page.locator(".o_integration_setup_next").click();
    await page.getByLabel("Contact created or changed").check();
    await page
      .locator(".list-group-item", { hasText: "Contact created or changed" })
      .locator(".o_integration_sample")
      .click();
    await expect(page.locator(".o_integration_sample_text")).toContainText('"name"');
    await screenshotBoth(page, "setup_sample");
    await page.locator(".modal-footer .btn-primary").click();
    await screenshotBoth(page, "setup_events");
    await page.locator(".o_integration_setup_choose").click();
    await expect(page.locator("[data-step=events] .o_integration_setup_done")).toBeVisible();

    await sendTest(page);
    expect(receiver.received.map((request) => openSigned(secret, request).test)).toEqual([true]);
    await openStep(page, "activate");
    await page.locator(".o_integration_setup_activate").click();
    await expect(page.locator(".o_integration_setup_finished")).toContainText(name);
    await screenshotBoth(page, "setup_done");

    await expectEvent(browser, receiver.received, secret);
    await page.goto("/odoo/integration-setup");
    expect(await page.content()).not.toContain(secret);
  } finally {
    // It is gone with this story, so nothing may wait for it in the next one.
    const ids = await admin.call<number[]>("integration.endpoint", "search", [[["name", "=", name]]]);
    await admin.call("integration.endpoint", "write", [ids, { active: false }]);
    await admin.close();
    await receiver.close();
  }
});

/** Somebody else works on, and the new system hears of it, signed with the secret that was shown once. */
async function expectEvent(
  browser: Parameters<typeof OdooUser.logIn>[0],
  received: Awaited<ReturnType<typeof startOwnReceiver>>["received"],
  secret: string,
): Promise<void> {
  const colleague = await OdooUser.logIn(browser, "admin");
  const [partnerId] = await colleague.call<number[]>("res.partner", "create", [[{ name: "Ward 3" }]]);
  await colleague.close();
  await expect
    .poll(() => received.map((request) => openSigned(secret, request).subject))
    .toContain(`res.partner/${partnerId}`);
}

async function sendTest(page: Page): Promise<void> {
  await page.locator(".o_integration_setup_test").click();
  await page.locator(".modal").getByRole("button", { name: "Send test" }).click();
  await expect(page.locator(".modal .alert-success")).toContainText("took the test");
  await page.locator(".modal").getByRole("button", { name: "Close" }).first().click();
  await expect(page.locator(".o_integration_setup_outcome")).toHaveText("The last test was taken.");
  await screenshotBoth(page, "setup_test");
}

async function openStep(page: Page, step: string): Promise<void> {
  const header = page.locator(`[data-step=${step}] h2 button`);
  await header.waitFor();
  if ((await header.getAttribute("aria-expanded")) === "false") await header.click();
}

async function expectWaiting(page: Page): Promise<void> {
  await expect(page.locator(".o_integration_setup_watch")).toContainText("Waiting for one more sidecar");
}

async function screenshotBoth(page: Page, name: string): Promise<void> {
  await screenshot(page, name);
  await page.setViewportSize(phone);
  await expect
    .poll(() =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    )
    .toBe(true);
  await screenshot(page, `${name}_phone`);
  await page.setViewportSize(desktop);
}
