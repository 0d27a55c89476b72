/** Several sidecars on one real Odoo and one real broker: what an endpoint sees of them together. */
import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { type ArrangedEndpoint, arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";
import { readSidecarEnvironment, type SidecarProcess, startSidecar } from "./support/sidecar_process.ts";

const deadline = { timeout: 60_000, interval: 20 };
const concurrency = 3;
const latencyMs = 60;
/** What waits for the endpoint at any time. */
const backlog = 60;

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Answers after a while, and counts how many requests it has open at once. */
async function startCountingReceiver() {
  const seen = { open: 0, openMax: 0, webhookIds: new Set<string>() };
  const server = http.createServer((request, response) => {
    seen.open += 1;
    seen.openMax = Math.max(seen.openMax, seen.open);
    response.on("close", () => {
      seen.open -= 1;
    });
    request.resume();
    setTimeout(() => {
      seen.webhookIds.add(String(request.headers["webhook-id"]));
      response.writeHead(200).end();
    }, latencyMs);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server's address is an object.
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks` };
}

async function start(name: string): Promise<SidecarProcess> {
  const sidecar = startSidecar({ ...readSidecarEnvironment(), WORKER_NAME: name });
  closings.push(async () => {
    sidecar.process.kill("SIGKILL");
    await sidecar.exited;
  });
  await sidecar.untilLogged("sidecar.ready");
  return sidecar;
}

const countAttempts = (sidecar: SidecarProcess) =>
  sidecar.lines.filter((line) => line.event === "delivery.attempted").length;

/** Has sent something more than it had. */
const untilSending = (sidecar: SidecarProcess) => {
  const before = countAttempts(sidecar);
  return vi.waitUntil(() => countAttempts(sidecar) > before, deadline);
};

/** Makes new work as fast as it is done, so that every sidecar has something to send. */
function keepBusy(endpoint: ArrangedEndpoint, countDone: () => number) {
  const stopping = new AbortController();
  let createdCount = 0;
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await endpoint.createContacts(Array.from({ length: backlog }, () => `Contact ${randomUUID()}`));
      createdCount += backlog;
      await vi.waitUntil(() => stopping.signal.aborted || createdCount - countDone() < backlog, deadline);
    }
    return createdCount;
  })();
  closings.push(() => stopping.abort());
  return {
    /** How many there were in all. */
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

test("never more requests at once than the concurrency, while sidecars join, stop and are killed", async () => {
  const admin = await OdooAdmin.logIn();
  const { seen, url } = await startCountingReceiver();
  const endpoint = await arrangeEndpoint(admin, { url, concurrency, window: 30 });
  closings.push(() => endpoint.remove());
  const work = keepBusy(endpoint, () => seen.webhookIds.size);

  const first = await start("fleet-1");
  await untilSending(first);
  const second = await start("fleet-2");
  await untilSending(second);
  const third = await start("fleet-3");
  await untilSending(third);
  expect(seen.openMax).toBeLessThanOrEqual(concurrency);

  second.process.kill("SIGKILL");
  await second.exited;
  await untilSending(first);
  // One of the same name comes: it is known at once that the killed one is gone.
  const again = await start("fleet-2");
  await untilSending(again);
  third.process.kill("SIGTERM");
  expect(await third.exited).toBe(0);
  await untilSending(first);

  const createdCount = await work.stop();
  await vi.waitUntil(() => seen.webhookIds.size === createdCount, deadline);
  expect(seen.openMax).toBe(concurrency);
  for (const sidecar of [first, again]) {
    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  }
}, 180_000);
