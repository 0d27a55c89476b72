import { expect, test } from "@playwright/test";
import { draftInvoice, expectDeliveries } from "./documents.ts";
import { OdooUser } from "./odoo_user.ts";
import { acceptedEvents, setSwitch } from "./receiver_client.ts";
import { type Service, startService, stopService } from "./service_control.ts";

const services: readonly Service[] = ["sidecar", "rabbitmq", "receiver"];

test.beforeEach(() => setSwitch(true));

for (const service of services) {
  test(`ten invoices posted while ${service} is down are saved as fast and all arrive once, in order`, async ({
    browser,
  }) => {
    const accountant = await OdooUser.logIn(browser, "accountant");
    const healthyIds = await draftInvoices(accountant, 10);
    const outageIds = await draftInvoices(accountant, 10);
    const healthyMs = await postEach(accountant, healthyIds);
    for (const id of healthyIds) await expectDeliveries(accountant, "account.move", id, "delivered");

    await stopService(service);
    let outageMs: number[];
    try {
      outageMs = await postEach(accountant, outageIds);
      // A second event of one record must stay behind the first.
      await accountant.call("account.move", "button_draft", [[outageIds[0]]]);
      await accountant.call("account.move", "action_post", [[outageIds[0]]]);
    } finally {
      await startService(service);
    }
    // A delivery waiting for its next try is hastened the way a person would.
    await retryWaiting(accountant, outageIds);
    for (const id of outageIds) await expectDeliveries(accountant, "account.move", id, "delivered");

    for (const hook of ["steady", "switchable"] as const) {
      for (const [index, id] of outageIds.entries()) {
        const accepted = await acceptedEvents(hook, `account.move/${id}`);
        const posted = accepted.filter((item) => item.event.type === "odoo.account.invoice.posted.v1");
        expect(posted, `${hook}: invoice ${index}`).toHaveLength(index === 0 ? 2 : 1);
        expect(new Set(accepted.map((item) => item.webhook_id)).size).toBe(accepted.length);
        const sequences = accepted.map((item) => item.event.sequence);
        expect(sequences).toEqual(sequences.toSorted());
      }
    }
    // "As fast" as a ratio in one run; a wait for a dead service would cost seconds, not a factor.
    expect(median(outageMs) / median(healthyMs)).toBeLessThan(2);
    await accountant.close();
  });
}

async function draftInvoices(user: OdooUser, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await draftInvoice(user, `outage ${index}`));
  return ids;
}

/** Milliseconds each posting took, as the user waits for it. */
async function postEach(user: OdooUser, ids: readonly number[]): Promise<number[]> {
  const durations: number[] = [];
  for (const id of ids) {
    const startedAt = performance.now();
    await user.call("account.move", "action_post", [[id]]);
    durations.push(performance.now() - startedAt);
  }
  return durations;
}

async function retryWaiting(user: OdooUser, ids: readonly number[]): Promise<void> {
  const waiting = await user.call<number[]>("integration.delivery", "search", [
    [
      ["res_model", "=", "account.move"],
      ["res_id", "in", ids],
      ["state", "=", "pending"],
      ["attempt_count", ">", 0],
    ],
  ]);
  if (waiting.length > 0) await user.call("integration.delivery", "action_retry", [waiting]);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
