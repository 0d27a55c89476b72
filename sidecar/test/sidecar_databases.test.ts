/** One sidecar process, several databases of a real Odoo, a real broker: what happens to one stays with it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startCutProxy } from "./support/cut_proxy.ts";
import { requireVariable } from "./support/environment.ts";
import { arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";
import { readSidecarEnvironment, startSidecar } from "./support/sidecar_process.ts";

const deadline = { timeout: 40_000, interval: 20 };
const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Knows how many deliveries it has taken. */
async function startReceiver() {
  let count = 0;
  const server = http.createServer((request, response) => {
    request.resume().on("end", () => {
      count += 1;
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server's address is an object.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  return { url, readCount: () => count };
}

/** A database with an endpoint of the test's own. */
async function arrangeDatabase(database: string) {
  const admin = await OdooAdmin.logIn(database);
  const receiver = await startReceiver();
  const endpoint = await arrangeEndpoint(admin, { url: receiver.url });
  closings.push(() => endpoint.remove());
  const untilDelivered = async (change: () => Promise<unknown>) => {
    const before = receiver.readCount();
    await change();
    await vi.waitUntil(() => receiver.readCount() > before, deadline);
  };
  const create = () => endpoint.createContacts(["Ada"]);
  return { admin, readCount: receiver.readCount, create, untilDelivered };
}

/** `north` directly, `south` through a proxy, and `barred` with a key that is none. */
async function startWorld() {
  const { ODOO_URL: url = "", ODOO_DATABASE, ODOO_LOGIN, ODOO_API_KEY, ...others } = readSidecarEnvironment();
  const second = requireVariable("IM_TEST_ODOO_SECOND_DATABASE");
  const target = new URL(url);
  const proxy = await startCutProxy(target.hostname, Number(target.port || 80));
  closings.push(() => proxy.close());
  const folder = await mkdtemp(join(tmpdir(), "databases-"));
  closings.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "key"), `${ODOO_API_KEY}\n`, { mode: 0o600 });
  const access = { login: ODOO_LOGIN, api_key_file: join(folder, "key") };
  const list = [
    { ...access, name: "north", url, database: ODOO_DATABASE },
    { ...access, name: "south", url: `http://127.0.0.1:${proxy.port}`, database: second },
    { login: ODOO_LOGIN, api_key: "no-such-key", name: "barred", url, database: second },
  ];
  await writeFile(join(folder, "databases.json"), JSON.stringify(list));
  const north = await arrangeDatabase(requireVariable("IM_TEST_ODOO_DATABASE"));
  const south = await arrangeDatabase(second);
  const sidecar = startSidecar({
    ...others,
    WORKER_NAME: "databases",
    ODOO_DATABASES_FILE: join(folder, "databases.json"),
  });
  closings.push(async () => {
    sidecar.process.kill("SIGKILL");
    await sidecar.exited;
  });
  for (const database of ["north", "south"]) {
    await sidecar.untilLogged("sidecar.ready", { database });
  }
  const port = sidecar.lines.find((line) => line.event === "sidecar.ready")?.http_port;
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  return { north, south, proxy, sidecar, ask };
}

describe("one process with several databases", () => {
  test("serves each of them, and says of which it speaks", async () => {
    const { north, south, sidecar, ask } = await startWorld();
    await north.untilDelivered(north.create);
    await south.untilDelivered(south.create);
    for (const database of ["north", "south"]) {
      await sidecar.untilLogged("delivery.attempted", { database, result: "delivered" });
    }
    const barred = sidecar.lines.filter((line) => line.database === "barred");
    expect(new Set(barred.map((line) => `${line.level} ${line.event}`))).toEqual(
      new Set(["error sidecar.odoo_away"]),
    );
    const readiness = await ask("/readyz");
    expect([readiness.status, await readiness.json()]).toEqual([
      200,
      {
        status: "degraded",
        missing: ["barred: odoo", "barred: broker"],
        databases: {
          north: { odoo: true, broker: true },
          south: { odoo: true, broker: true },
          barred: { odoo: false, broker: false },
        },
      },
    ]);
    const metrics = await (await ask("/metrics")).text();
    for (const database of ["north", "south"]) {
      expect(metrics).toMatch(new RegExp(`integration_claims_total\\{database="${database}"\\} [1-9]`));
    }
    expect(metrics).toContain('integration_odoo_up{database="barred"} 0');
    const unnamed = sidecar.lines.filter((line) => line.database === undefined).map((line) => line.event);
    expect(unnamed).toEqual([]);

    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
    expect(JSON.stringify(sidecar.lines)).not.toContain(requireVariable("IM_TEST_ODOO_API_KEY"));
  }, 120_000);

  test("keeps serving one while another is away, and serves that again when it is back", async () => {
    const { north, south, proxy, sidecar } = await startWorld();
    proxy.refuse();
    proxy.cutAll();
    await sidecar.untilLogged("relay.odoo_away", { database: "south" });
    const before = south.readCount();
    await south.create();
    await north.untilDelivered(north.create);
    expect(south.readCount()).toBe(before);
    await south.untilDelivered(async () => proxy.allow());
    expect(sidecar.hasLogged("relay.odoo_away", { database: "north" })).toBe(false);
    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  }, 120_000);

  test("keeps serving one while another hangs", async () => {
    const { north, south, proxy, sidecar } = await startWorld();
    proxy.freeze();
    await south.create();
    for (let turn = 0; turn < 3; turn += 1) await north.untilDelivered(north.create);
    await south.untilDelivered(async () => proxy.thaw());
    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  }, 120_000);

  test("sends nothing of one that is neutralized, and goes on with the other", async () => {
    const { north, south, sidecar } = await startWorld();
    const neutralize = (value: string | false) =>
      south.admin.call("ir.config_parameter", "set_param", ["database.is_neutralized", value]);
    closings.push(() => neutralize(false));
    await neutralize("True");
    await sidecar.untilLogged("sidecar.standing_by", { database: "south" });
    const before = south.readCount();
    await south.create();
    await north.untilDelivered(north.create);
    expect(south.readCount()).toBe(before);
    await south.untilDelivered(() => neutralize(false));
    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  }, 120_000);
});
