import { afterEach, expect, test } from "vitest";
import { createMetrics } from "../src/adapters/metrics.ts";
import {
  type DatabaseReadiness,
  type OperatorServer,
  startOperatorServer,
} from "../src/adapters/operator_server.ts";

let server: OperatorServer | undefined;
afterEach(async () => {
  await server?.close();
});

type Databases = Readonly<Record<string, DatabaseReadiness>>;

async function ask(path: string, databases: Databases): Promise<Response> {
  const metrics = createMetrics();
  for (const [name, parts] of Object.entries(databases)) {
    metrics.forDatabase(name, () => parts.broker).observer.setOdooUp(parts.odoo);
  }
  server = await startOperatorServer({
    host: "127.0.0.1",
    port: 0,
    readReadiness: () => databases,
    renderMetrics: metrics.render,
  });
  return fetch(`http://127.0.0.1:${server.port}${path}`);
}

test("/healthz answers while everything else is away", async () => {
  const answer = await ask("/healthz", { production: { odoo: false, broker: false } });
  expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
});

test("/readyz is ready when everything is there", async () => {
  const databases = { production: { odoo: true, broker: true } };
  const answer = await ask("/readyz", databases);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: "ready", missing: [], databases });
});

test("/readyz names what is missing", async () => {
  const databases = { production: { odoo: true, broker: false } };
  const answer = await ask("/readyz", databases);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: "not_ready", missing: ["production: broker"], databases });
});

test("/readyz stays in service while one of several databases is served", async () => {
  const databases = { north: { odoo: false, broker: true }, south: { odoo: true, broker: true } };
  const answer = await ask("/readyz", databases);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: "degraded", missing: ["north: odoo"], databases });
});

test("/readyz is not ready when no database has all it needs", async () => {
  const answer = await ask("/readyz", {
    north: { odoo: false, broker: true },
    south: { odoo: true, broker: false },
  });
  expect(answer.status).toBe(503);
});

test("/metrics shows what is up and the process itself", async () => {
  const databases = { north: { odoo: true, broker: false }, south: { odoo: false, broker: true } };
  const text = await (await ask("/metrics", databases)).text();
  expect(text).toContain('integration_odoo_up{database="north"} 1');
  expect(text).toContain('integration_odoo_up{database="south"} 0');
  expect(text).toContain('integration_broker_up{database="north"} 0');
  expect(text).toContain('integration_broker_up{database="south"} 1');
  expect(text).toContain("process_cpu_seconds_total");
});

test("an unknown path is not found and names no framework", async () => {
  const answer = await ask("/", { production: { odoo: true, broker: true } });
  expect(answer.status).toBe(404);
  expect(answer.headers.get("x-powered-by")).toBeNull();
});
