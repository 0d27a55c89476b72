import { createHash } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createOdooDoor, createTransport } from "../src/adapters/odoo_door.ts";
import { createOdooWakeUp } from "../src/adapters/odoo_wake_up.ts";
import { systemClock } from "../src/adapters/system_clock.ts";
import { recordLog } from "./builders.ts";
import { startCutProxy } from "./support/cut_proxy.ts";
import { requireVariable } from "./support/environment.ts";
import { arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";

const deadline = { timeout: 15_000, interval: 10 };

describe("the wake-up over Odoo's bus", () => {
  const closings: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  /** Listens through a proxy, so that the test can cut the socket. */
  async function listen(pingIntervalMs = 20_000) {
    const url = new URL(requireVariable("IM_TEST_ODOO_URL"));
    const access = {
      url,
      database: requireVariable("IM_TEST_ODOO_DATABASE"),
      login: requireVariable("IM_TEST_ODOO_LOGIN"),
      apiKey: requireVariable("IM_TEST_ODOO_API_KEY"),
      callTimeoutMs: 20_000,
    };
    const transport = createTransport("json2", access);
    const door = createOdooDoor(transport);
    const { wakeChannel } = await door.handshake("worker-1", "0.1.0");
    closings.push(() => transport.close());
    const proxy = await startCutProxy(url.hostname, Number(url.port || 80));
    const { log, lines } = recordLog();
    const stopping = new AbortController();
    let hintCount = 0;
    let workersHintCount = 0;
    createOdooWakeUp({
      url: new URL(`http://127.0.0.1:${proxy.port}`),
      database: access.database,
      clock: systemClock,
      log,
      pingIntervalMs,
    }).listen(
      wakeChannel,
      {
        onDue: () => {
          hintCount += 1;
        },
        onWorkers: () => {
          workersHintCount += 1;
        },
      },
      stopping.signal,
    );
    closings.push(
      () => proxy.close(),
      () => stopping.abort(),
    );
    const countConnects = () => lines.filter((line) => line.event === "wakeup.connected").length;
    await vi.waitUntil(() => countConnects() === 1, deadline);
    return {
      proxy,
      lines,
      stopping,
      countConnects,
      readHintCount: () => hintCount,
      readWorkersHintCount: () => workersHintCount,
      door,
    };
  }

  async function makeDelivery(): Promise<void> {
    const endpoint = await arrangeEndpoint(await OdooAdmin.logIn());
    closings.push(() => endpoint.remove());
    await endpoint.createContacts(["Wake up"]);
  }

  test("hints after a commit that made a delivery due", async () => {
    const { readHintCount } = await listen();
    const before = readHintCount();
    await makeDelivery();
    await vi.waitUntil(() => readHintCount() > before, deadline);
  });

  test("hints when another sidecar comes and when it goes", async () => {
    const { door, readWorkersHintCount } = await listen();
    for (const heard of ["", undefined]) {
      const before = readWorkersHintCount();
      await door.handshake("worker-wake-up", "0.1.0", heard);
      await vi.waitUntil(() => readWorkersHintCount() > before, deadline);
    }
  });

  test("connects again after the socket was cut, and hints at once since it may have missed one", async () => {
    const { proxy, countConnects, readHintCount } = await listen();
    const before = readHintCount();
    proxy.cutAll();
    await vi.waitUntil(() => countConnects() === 2, deadline);
    expect(readHintCount()).toBeGreaterThan(before);
    const between = readHintCount();
    await makeDelivery();
    await vi.waitUntil(() => readHintCount() > between, deadline);
  });

  test("connects again when the other side fell silent without closing the socket", async () => {
    const { proxy, lines, countConnects } = await listen(100);
    proxy.freeze();
    const isLost = () => lines.some((line) => line.event === "wakeup.lost");
    await vi.waitUntil(isLost, deadline);
    expect(lines.find((line) => line.event === "wakeup.lost")?.fields).toEqual({
      reason: "silent: pings are not answered",
    });
    proxy.thaw();
    await vi.waitUntil(() => countConnects() === 2, deadline);
  });

  test("keeps a socket whose other side answers pings, though it says nothing else", async () => {
    const { lines } = await listen(50);
    const pongs: unknown[] = [];
    const onPong = (message: unknown) => pongs.push(message);
    subscribe("undici:websocket:pong", onPong);
    closings.push(() => unsubscribe("undici:websocket:pong", onPong));
    await vi.waitUntil(() => pongs.length >= 3, deadline);
    expect(lines.some((line) => line.event === "wakeup.lost")).toBe(false);
  });

  test("stops listening when its signal aborts", async () => {
    const { proxy, stopping } = await listen();
    stopping.abort();
    await vi.waitUntil(() => proxy.openCount === 0, deadline);
  });
});

describe("the wake-up to a server that refuses it", () => {
  test("reads the bus version from Odoo when its own is outdated, and connects with that", async () => {
    const versions: string[] = [];
    const server = answerRaw((request, socket) => {
      if (request.startsWith("GET /websocket")) {
        versions.push(/version=(\S+)/.exec(request)?.[1] ?? "");
        acceptAndClose(request, socket, "OUTDATED_VERSION");
      } else {
        const page = '<script>odoo.__session_info__ = {"websocket_worker_version": "21.3-7"}</script>';
        socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${page.length}\r\n\r\n${page}`);
      }
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    // A TCP server's address is an object.
    const { port } = server.address() as AddressInfo;
    const stopping = new AbortController();
    createOdooWakeUp({
      url: new URL(`http://127.0.0.1:${port}`),
      database: "db",
      clock: systemClock,
      log: recordLog().log,
    }).listen("channel", { onDue: () => {}, onWorkers: () => {} }, stopping.signal);
    await vi.waitUntil(() => versions.length >= 2, deadline);
    stopping.abort();
    server.close();
    expect(versions[1]).toBe("21.3-7");
  });
});

function answerRaw(answer: (request: string, socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => answer(bytes.toString(), socket));
  });
}

/** The handshake of RFC 6455, then a clean close frame with a reason. */
function acceptAndClose(request: string, socket: Socket, reason: string): void {
  const key = /sec-websocket-key: (\S+)/i.exec(request)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  const text = Buffer.from(reason);
  socket.end(Buffer.concat([Buffer.from([0x88, text.length + 2, 0x03, 0xe8]), text]));
}
