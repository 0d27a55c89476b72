import { type Browser, expect, test } from "@playwright/test";
import { deliveriesOf, expectDeliveries, postInvoice } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { archivePeople, findRecord, hire } from "./people.ts";
import { setSwitch } from "./receiver_client.ts";
import { screenshot } from "./screenshot.ts";

const login = "summary_reader";
const refusal = "Patient Ada Lovelace is not insured";
/** In the morning the summary is made. */
const morningHour = 9;

test.afterEach(() => setSwitch(true));

test("an accountant asks for the daily summary, gets counts and amounts without names, and ends it from the mail", async ({
  browser,
}) => {
  const admin = await OdooUser.logIn(browser, "admin");
  const reader = await hire(browser, admin, {
    login,
    email: `${login}@lindenhof.example`,
    groups: ["account.group_account_invoice"],
  });
  const [me] = await reader.call<{ id: number }[]>("res.users", "search_read", [
    [["login", "=", login]],
    ["id"],
  ]);
  await reader.call("res.users", "write", [[me?.id], { tz: zoneWhereItIsMorning() }]);
  await askForSummary(reader);

  await setSwitch(false, refusal);
  const invoiceId = await postInvoice(reader, "summary story", 11);
  const failed = async () =>
    (await deliveriesOf(reader, "account.move", invoiceId)).find((row) => row.state === "failed");
  await expect.poll(failed).toBeDefined();
  await admin.call("ir.cron", "method_direct_trigger", [
    [await findRecord(admin, "integration_monitor.ir_cron_digest")],
  ]);
  const mails = await admin.call<{ subject: string; body_html: string; headers: string }[]>(
    "mail.mail",
    "search_read",
    [[["email_to", "ilike", login]], ["subject", "body_html", "headers"]],
  );
  expect(mails, "one a day").toHaveLength(1);
  const [{ subject = "", body_html: body = "", headers = "" } = {}] = mails;
  const waiting = await reader.call<{ amount: number }[]>("integration.delivery", "search_read", [
    [
      ["is_exception", "=", true],
      ["responsible_id", "in", [false, me?.id]],
    ],
    ["amount"],
  ]);
  expect(subject).toMatch(new RegExp(`^${waiting.length} deliver(y needs|ies need) attention$`));
  const { page } = reader;
  await page.setContent(body);
  await expect(page.locator("body")).toContainText("Refused by the other system");
  const total = waiting.reduce((sum, { amount }) => sum + amount, 0);
  await expect(page.locator("body")).toContainText(
    total.toLocaleString("en-US", { minimumFractionDigits: 2 }),
  );
  await screenshot(page, "summary_mail");
  const [invoice] = await reader.call<{ name: string }[]>("account.move", "read", [[invoiceId], ["name"]]);
  for (const secret of [refusal, "Lovelace", "summary story", invoice?.name ?? "", "Sample receiver"]) {
    expect(body).not.toContain(secret);
  }

  const link = await page.getByRole("link", { name: "Unsubscribe" }).getAttribute("href");
  expect(headers).toContain(link);
  await unsubscribe(browser, link ?? "");
  expect(await reader.call("res.users", "read", [[me?.id], ["integration_digest"]])).toMatchObject([
    { integration_digest: false },
  ]);
  await setSwitch(true);
  await reader.call("integration.delivery", "action_retry", [[(await failed())?.id]]);
  await expectDeliveries(reader, "account.move", invoiceId, "delivered");
  await archivePeople(admin, [login]);
  await Promise.all([reader.close(), admin.close()]);
});

function zoneWhereItIsMorning(): string {
  const offsetH = ((morningHour - new Date().getUTCHours() + 36) % 24) - 12;
  // These names count westwards.
  return `Etc/GMT${offsetH > 0 ? "-" : "+"}${Math.abs(offsetH)}`;
}

async function askForSummary({ page }: OdooUser): Promise<void> {
  await page.goto("/odoo/discuss");
  await page.locator(".o_user_menu button").click();
  await page.getByRole("menuitem", { name: "My Preferences" }).click();
  const box = page.getByLabel("Daily Integration Summary");
  await expect(box).not.toBeChecked();
  await box.check();
  await screenshot(page, "summary_preference");
  await page.getByRole("button", { name: "Update Preferences" }).click();
  await expect(page.locator(".modal")).toHaveCount(0);
}

/** As whoever has the mail: nobody is signed in. */
async function unsubscribe(browser: Browser, link: string): Promise<void> {
  const page = await browser.newPage();
  const { pathname, search } = new URL(link);
  await page.goto(pathname + search);
  await expect(page.locator("main")).toContainText("End the daily summary?");
  await screenshot(page, "summary_unsubscribe");
  await page.getByRole("button", { name: "Unsubscribe" }).click();
  await expect(page.getByRole("status")).toContainText(
    "You will not get the daily integration summary any more",
  );
  await page.close();
}
