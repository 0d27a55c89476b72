/** Anybody who reaches the operator port may say anything: no answer is our fault, none tells what we are made of. */
import net from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type OperatorServer, startOperatorServer } from "../src/adapters/operator_server.ts";

const canary = "secret-canary";
let server: OperatorServer;
let canRender = true;

beforeEach(async () => {
  canRender = true;
  server = await startOperatorServer({
    host: "127.0.0.1",
    port: 0,
    readReadiness: () => ({ production: { odoo: true, broker: true } }),
    renderMetrics: async () => {
      if (!canRender) throw new Error(canary);
      return { contentType: "text/plain; version=0.0.4", text: "integration_odoo_up 1\n" };
    },
    headersTimeoutMs: 300,
  });
});
afterEach(() => server.close());

/** Everything the server says to these bytes until it closes or has answered once. */
async function say(bytes: string | Uint8Array, waitMs = 2000): Promise<string> {
  const socket = net.connect(server.port, "127.0.0.1");
  let heard = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
    // What follows in one write is answered by the time the connection closes.
    if (/\r\n\r\n/.test(heard)) socket.end();
  });
  socket.setTimeout(waitMs, () => socket.destroy());
  socket.write(bytes);
  // Not `once`: being cut off is an error for it.
  await new Promise((resolve) => socket.on("close", resolve));
  return heard;
}

/** Never a 5xx (except "not ready", which is none here), never a stack, a path or a product's name. */
function expectDecent(heard: string): void {
  expect(heard).not.toMatch(/^HTTP\/1\.1 5/);
  expect(heard).not.toMatch(/\n\s+at |node_modules|\.ts\b|express|x-powered-by/i);
  expect(heard).not.toContain(canary);
}

const request = (line: string, headers = "") => `${line}\r\nhost: a\r\nconnection: close\r\n${headers}\r\n`;

test.each([
  ["invalid URL encoding", request("GET /%E0%A4%A HTTP/1.1")],
  ["a percent sign alone", request("GET /metrics% HTTP/1.1")],
  ["an encoded NUL", request("GET /metrics%00 HTTP/1.1")],
  ["climbing out of the root", request("GET /../../etc/passwd HTTP/1.1")],
  ["a query of another kind", request("GET /readyz?a[b][c]=1&a[__proto__][x]=1 HTTP/1.1")],
  ["an absolute target", request("GET http://elsewhere.example/metrics HTTP/1.1")],
  ["a target that is no path", request("GET metrics HTTP/1.1")],
  ["a method nobody knows", request("BREW /metrics HTTP/1.1")],
  ["a tunnel", request("CONNECT elsewhere.example:443 HTTP/1.1")],
  ["a trace", request("TRACE /healthz HTTP/1.1")],
  ["a body that is none", `${request("POST /metrics HTTP/1.1", "content-length: 5\r\n")}abc`],
  ["a broken chunk", `${request("POST /readyz HTTP/1.1", "transfer-encoding: chunked\r\n")}zz\r\n`],
  ["an upgrade", request("GET /metrics HTTP/1.1", "connection: upgrade\r\nupgrade: websocket\r\n")],
  ["an expectation", request("POST /healthz HTTP/1.1", "expect: 100-continue\r\ncontent-length: 3\r\n")],
  ["an unknown expectation", request("GET /healthz HTTP/1.1", "expect: the spanish inquisition\r\n")],
  ["a header of a megabyte", request("GET /healthz HTTP/1.1", `x: ${"a".repeat(1024 * 1024)}\r\n`)],
  ["10,000 headers", request("GET /healthz HTTP/1.1", "x: a\r\n".repeat(10_000))],
  ["a target of a megabyte", request(`GET /${"a".repeat(1024 * 1024)} HTTP/1.1`)],
  ["HTTP/0.9", "GET /metrics\r\n"],
  ["TLS", Buffer.from("16030100c8010000c40303", "hex")],
  ["AMQP", "AMQP\0\0\x09\x01"],
])("%s is answered decently", async (_name, bytes) => {
  expectDecent(await say(bytes));
  expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
});

test("every method but reading is refused, and changes nothing", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
      expect([path, method, answer.status]).toEqual([path, method, 405]);
      expect(answer.headers.get("allow")).toBe("GET, HEAD");
    }
  }
});

test("a client that sends its headers drop by drop is cut off", async () => {
  const socket = net.connect(server.port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.resume();
  socket.write("GET /healthz HTTP/1.1\r\nhost: a\r\n");
  const drip = setInterval(() => socket.write("x: a\r\n"), 50);
  await closed;
  clearInterval(drip);
});

test("a fault while metrics are gathered says so without telling what it was", async () => {
  canRender = false;
  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
  expect(answer.status).toBe(503);
  const text = await answer.text();
  expect(text).not.toContain(canary);
  expect(text).not.toMatch(/\n\s+at /);
});

test("any bytes are answered decently", async () => {
  const pieces = fc.constantFrom(
    ...[
      "GET ",
      "HEAD ",
      "POST ",
      "/",
      "metrics",
      "readyz",
      "%",
      "%2e",
      "..",
      "?",
      "#",
      " HTTP/1.1",
      "\r\n",
      "\r\n\r\n",
    ],
    ...[
      "host: a",
      "content-length: ",
      "0",
      "9999999999999999999",
      "transfer-encoding: chunked",
      "\0",
      "\xff",
      ":",
    ],
  );
  const text = fc.array(pieces, { maxLength: 25 }).map((parts) => Buffer.from(parts.join(""), "latin1"));
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.uint8Array({ minLength: 1, maxLength: 300 })), async (bytes) => {
      expectDecent(await say(bytes, 100));
    }),
    { numRuns: 100 },
  );
  expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
});
