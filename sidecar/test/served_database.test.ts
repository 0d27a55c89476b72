import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createMetrics } from "../src/adapters/metrics.ts";
import { scopeOf } from "../src/adapters/rabbitmq/names.ts";
import { systemClock } from "../src/adapters/system_clock.ts";
import { RequestBudget } from "../src/pipeline/request_budget.ts";
import { ServedDatabase } from "../src/served_database.ts";
import { recordLog } from "./builders.ts";
import { requireVariable } from "./support/environment.ts";
import { removeScope } from "./support/real_broker.ts";

const deadline = { timeout: 20_000, interval: 10 };
/** Nobody but the relay waits just so long. */
const pollIntervalMs = 123;
const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** An Odoo with nothing to do, over JSON-2. */
async function startOdoo(environmentUuid: string) {
  const calls: string[] = [];
  const now = () => new Date().toISOString();
  const answers: Readonly<Record<string, () => object>> = {
    handshake: () => ({
      database_uuid: environmentUuid,
      environment_uuid: environmentUuid,
      database: "idle",
      odoo_version: "19.0",
      is_neutralized: false,
      wake_channel: "wake",
      endpoint_revision: 1,
      limits: { claim_limit: 100, lease_s: 60, share_s: 15 },
      workers: { count: 1, index: 0, roll: "alone", is_settled: true },
      server_time: now(),
    }),
    endpoints: () => ({ revision: 1, changed: true, endpoints: [] }),
    claim: () => ({ claims: [], next_due_at: false, endpoint_revision: 1, server_time: now() }),
    published: () => ({ queued: [] }),
    report: () => ({ applied: [], stale: [], refused: [], is_more_due: false }),
  };
  const server = http.createServer((request, response) => {
    const method = request.url?.split("/").at(-1) ?? "";
    calls.push(method);
    const answer = answers[method];
    request.resume();
    if (answer === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer()));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server's address is an object.
  return { calls, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) };
}

test("a database whose session breaks is served again by itself, and the process goes on", async () => {
  const environmentUuid = randomUUID();
  const { calls, url } = await startOdoo(environmentUuid);
  const { log, lines } = recordLog();
  const bug = { isThere: true };
  const database = new ServedDatabase({
    access: { name: "idle", url, database: "idle", login: "sidecar", apiKey: "key", transport: "json2" },
    amqpUrl: requireVariable("IM_TEST_AMQP_URL"),
    pollIntervalMs,
    worker: "worker-1",
    version: "0.1.0",
    budget: new RequestBudget(1),
    clock: {
      ...systemClock,
      sleep: (ms, signal) => {
        if (bug.isThere && ms === pollIntervalMs) {
          bug.isThere = false;
          throw new TypeError("a bug");
        }
        return systemClock.sleep(ms, signal);
      },
    },
    log,
    createMetrics: (isBrokerUp) => createMetrics().forDatabase("idle", isBrokerUp),
    readyFields: {},
  });
  const stopping = new AbortController();
  const running = database.run(stopping.signal);
  closings.push(async () => {
    stopping.abort();
    await running;
    await removeScope(scopeOf(environmentUuid));
  });
  const count = (event: string) => lines.filter((line) => line.event === event).length;
  await vi.waitUntil(() => count("session.failed") === 1, deadline);
  await vi.waitUntil(() => count("sidecar.ready") === 2, deadline);
  const claimCount = calls.filter((call) => call === "claim").length;
  await vi.waitUntil(() => calls.filter((call) => call === "claim").length > claimCount, deadline);
  expect(database.readiness).toEqual({ odoo: true, broker: true });
  const events = lines.map((line) => line.event);
  expect(events.indexOf("session.ended")).toBeLessThan(events.indexOf("session.failed"));
  expect(lines.find((line) => line.event === "session.failed")).toMatchObject({
    level: "error",
    fields: { reason: "a bug" },
  });
});
