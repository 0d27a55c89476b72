import { randomUUID } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { brokerNames, scopeOf } from "../src/adapters/rabbitmq/names.ts";
import { requireVariable } from "./support/environment.ts";
import { arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";
import { withDirectChannel } from "./support/real_broker.ts";
import {
  shareDeadline as deadline,
  readSidecarEnvironment,
  startSidecar,
} from "./support/sidecar_process.ts";

vi.setConfig({ testTimeout: 120_000 });

describe("the sidecar's process", () => {
  const closings: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  function start(env: Readonly<Record<string, string>>) {
    const sidecar = startSidecar(env);
    closings.push(() => sidecar.process.kill("SIGKILL"));
    return sidecar;
  }

  async function startReceiver() {
    const webhookIds: string[] = [];
    const server = http.createServer((request, response) => {
      webhookIds.push(String(request.headers["webhook-id"]));
      request.resume().on("end", () => response.writeHead(200).end("thanks"));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    closings.push(() => {
      server.closeAllConnections();
      server.close();
    });
    // A TCP server's address is an object.
    return { webhookIds, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks` };
  }

  test("brings a committed change to its endpoint once, and Odoo knows it was delivered", async () => {
    const admin = await OdooAdmin.logIn();
    const receiver = await startReceiver();
    const endpoint = await arrangeEndpoint(admin, { url: receiver.url });
    closings.push(() => endpoint.remove());
    const sidecar = start(readSidecarEnvironment());
    await vi.waitUntil(() => sidecar.lines.some((line) => line.event === "sidecar.ready"), deadline);

    await endpoint.createContacts(["Ada", "Grace"]);
    const readStates = async () => {
      const rows = await admin.searchRead(
        "integration.delivery",
        [["endpoint_id", "=", endpoint.id]],
        ["state", "attempt_count", "last_status_code"],
      );
      return rows.map((row) => `${row.state} ${row.attempt_count} ${row.last_status_code}`);
    };
    await vi.waitUntil(
      async () => (await readStates()).every((state) => state.startsWith("delivered")),
      deadline,
    );
    expect(await readStates()).toEqual(["delivered 1 200", "delivered 1 200"]);
    expect(new Set(receiver.webhookIds).size).toBe(2);
    expect(receiver.webhookIds.length).toBe(2);

    const operator = `http://127.0.0.1:${sidecar.lines.find((line) => line.event === "sidecar.ready")?.http_port}`;
    expect((await fetch(`${operator}/healthz`)).status).toBe(200);
    const database = requireVariable("IM_TEST_ODOO_DATABASE");
    const readiness = await fetch(`${operator}/readyz`);
    expect([readiness.status, await readiness.json()]).toEqual([
      200,
      { status: "ready", missing: [], databases: { [database]: { odoo: true, broker: true } } },
    ]);
    const metrics = await (await fetch(`${operator}/metrics`)).text();
    expect(metrics).toMatch(
      /integration_deliveries_attempted_total\{database="\w+",result="delivered",failure_class="none"\} \d/,
    );
    expect(metrics).toContain(`integration_reports_total{database="${database}",result="applied"}`);

    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
    expect(sidecar.lines.at(-1)?.event).toBe("sidecar.stopped");
    expect(JSON.stringify(sidecar.lines)).not.toContain(requireVariable("IM_TEST_ODOO_API_KEY"));
  });

  test("brings a message that names no delivery to Odoo, also one that came while no sidecar ran", async () => {
    const admin = await OdooAdmin.logIn();
    const first = start(readSidecarEnvironment());
    const ready = await vi.waitUntil(
      () => first.lines.find((line) => line.event === "sidecar.ready"),
      deadline,
    );
    first.process.kill("SIGTERM");
    expect(await first.exited).toBe(0);
    const names = brokerNames(scopeOf(String(ready.environment_uuid)));
    const messageId = `lost-${randomUUID()}`;
    await withDirectChannel(async (channel) => {
      channel.publish(names.dead, "", Buffer.from(`whose am I? ${messageId}`), { messageId });
    });

    const second = start(readSidecarEnvironment());
    const [found] = await vi.waitUntil(async () => {
      const rows = await admin.searchRead(
        "integration.parked.message",
        [["message_id", "=", messageId]],
        ["state", "repeat_count", "reason", "content"],
      );
      return rows.length > 0 && rows;
    }, deadline);
    expect(found).toMatchObject({ state: "open", repeat_count: 1 });
    expect(found?.reason).toMatch(/^IM_MESSAGE_UNREADABLE/);
    expect(Buffer.from(String(found?.content), "base64").toString()).toBe(`whose am I? ${messageId}`);
    second.process.kill("SIGTERM");
    expect(await second.exited).toBe(0);
    const { messageCount } = await withDirectChannel((channel) => channel.checkQueue(names.parked));
    expect(messageCount).toBe(0);
  });

  test("waits for an Odoo that is away, says so on /readyz, and stops when told", async () => {
    const sidecar = start({ ...readSidecarEnvironment(), ODOO_URL: "http://127.0.0.1:1" });
    await vi.waitUntil(() => sidecar.lines.some((line) => line.event === "sidecar.odoo_away"), deadline);
    expect(sidecar.lines.some((line) => line.event === "sidecar.ready")).toBe(false);
    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  });

  test("stops when told although Odoo takes the connection and never answers", async () => {
    let isAsked = false;
    const silent = net.createServer(() => {
      isAsked = true;
    });
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    closings.push(() => silent.close());
    // A TCP server's address is an object.
    const { port } = silent.address() as AddressInfo;
    const sidecar = start({ ...readSidecarEnvironment(), ODOO_URL: `http://127.0.0.1:${port}` });
    await vi.waitUntil(() => isAsked, deadline);
    sidecar.process.kill("SIGTERM");
    expect(await sidecar.exited).toBe(0);
  });

  test("ends with code 2 and every problem on stderr when its configuration is unusable", async () => {
    const sidecar = start({ ODOO_URL: "odoo:8069" });
    expect(await sidecar.exited).toBe(2);
    expect(sidecar.errorText()).toContain('ODOO_URL must be an absolute http(s) URL, got "odoo:8069"');
    expect(sidecar.errorText()).toContain("AMQP_URL must be");
    expect(sidecar.lines).toEqual([]);
  });
});
