import { afterEach, expect, test } from "vitest";
import { createMetrics } from "../src/adapters/metrics.ts";
import { type OperatorServer, startOperatorServer } from "../src/adapters/operator_server.ts";

let server: OperatorServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function ask(path: string, parts: Readonly<Record<string, boolean>>): Promise<Response> {
  const metrics = createMetrics(() => parts.broker === true);
  metrics.observer.setOdooUp(parts.odoo === true);
  server = await startOperatorServer({
    host: "127.0.0.1",
    port: 0,
    readReadiness: () => ({ parts }),
    renderMetrics: metrics.render,
  });
  return fetch(`http://127.0.0.1:${server.port}${path}`);
}

test("/healthz answers while everything else is away", async () => {
  const answer = await ask("/healthz", { odoo: false, broker: false });
  expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
});

test("/readyz names what is missing", async () => {
  const answer = await ask("/readyz", { odoo: true, broker: false });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    status: "not_ready",
    missing: ["broker"],
    odoo: true,
    broker: false,
  });
});

test("/metrics shows what is up and the process itself", async () => {
  const text = await (await ask("/metrics", { odoo: true, broker: false })).text();
  expect(text).toContain("integration_odoo_up 1");
  expect(text).toContain("integration_broker_up 0");
  expect(text).toContain("process_cpu_seconds_total");
});

test("an unknown path is not found and names no framework", async () => {
  const answer = await ask("/", { odoo: true, broker: true });
  expect(answer.status).toBe(404);
  expect(answer.headers.get("x-powered-by")).toBeNull();
});
