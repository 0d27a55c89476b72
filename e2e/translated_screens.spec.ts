import { expect, test } from "@playwright/test";
import { expectDeliveries, invoiceAction, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

// Last in the alphabet and so in the run: a second language shows on forms, which other stories need not expect.
test("an accountant who works in German reads German on documents, lists and the overview", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "admin");
  const accountant = await OdooUser.logIn(browser, "accountant");
  await installGerman(admin);
  await setSwitch(false, "VAT id missing on the payer");
  const invoiceId = await postInvoice(accountant, "in German");
  await expect
    .poll(() => accountant.call("account.move", "read", [[invoiceId], ["integration_state"]]))
    .toEqual([{ id: invoiceId, integration_state: "failed" }]);
  for (const user of [admin, accountant]) await chooseLanguage(user, "de_DE");
  try {
    await admin.page.goto("/odoo/integrations");
    await expect(admin.page.locator(".o_integration_overview")).toContainText("Endpunkte");
    await screenshot(admin.page, "overview_in_german");
    await accountant.openForm(invoiceAction, invoiceId);
    await expect(accountant.page.locator("[name=integration_state]").first()).toContainText(
      "Handlungsbedarf",
    );
    await screenshot(accountant.page, "invoice_in_german");
  } finally {
    for (const user of [admin, accountant]) await chooseLanguage(user, "en_US");
    await setSwitch(true);
  }
  await accountant.call("account.move", "action_integration_retry", [[invoiceId]]);
  await expectDeliveries(accountant, "account.move", invoiceId, "delivered");
  await Promise.all([accountant.close(), admin.close()]);
});

async function installGerman(admin: OdooUser): Promise<void> {
  const languages = await admin.call<number[]>("res.lang", "search", [[["code", "=", "de_DE"]]], {
    context: { active_test: false },
  });
  const [wizard] = await admin.call<number[]>("base.language.install", "create", [
    [{ lang_ids: [[6, 0, languages]], overwrite: false }],
  ]);
  await admin.call("base.language.install", "lang_install", [[wizard]]);
  // Odoo empties its cache of languages before it commits, and another request may fill it with the old ones in
  // between. A second write, when the language is there for all, empties it again.
  await admin.call("res.lang", "write", [languages, { name: "Deutsch" }]);
}

async function chooseLanguage(user: OdooUser, lang: string): Promise<void> {
  const { uid } = await user.call<{ uid: number }>("res.users", "context_get", []);
  await user.call("res.users", "write", [[uid], { lang }]);
}
