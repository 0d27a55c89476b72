/** Odoo answers 404 to everything while its PostgreSQL is away, just as a server that does not know us. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createTransport } from "../src/adapters/odoo_door.ts";
import { OdooRefused, OdooUnavailable } from "../src/ports/odoo.ts";

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Calls an Odoo that knows no JSON-2, with this answer of its health page. */
async function callWithHealth(statusCode: number, text: string): Promise<unknown> {
  const server = http.createServer((request, response) => {
    if (request.url === "/web/health?db_server_status=1") response.writeHead(statusCode).end(text);
    else response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not Found</h1>");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  // A TCP server's address is an object.
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const access = { url, database: "db", login: "login", apiKey: "key", callTimeoutMs: 5000 };
  const transport = createTransport("json2", access);
  closings.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => transport.close(),
  );
  return transport.call("claim", { worker: "w" }).catch((error: unknown) => error);
}

test("is called unavailable when the health page says that the database server is away", async () => {
  const failure = await callWithHealth(500, '{"status": "fail", "db_server_status": false}');
  expect(failure).toBeInstanceOf(OdooUnavailable);
  expect(String(failure)).toContain("the database server behind http://127.0.0.1:");
});

test.each([
  [200, '{"status": "pass", "db_server_status": true}'],
  [404, "<h1>Not Found</h1>"],
  [500, "<h1>proxy error</h1>"],
])(
  "stays a refusal, which a person must look at, when the health page answers %i %s",
  async (status, text) => {
    const failure = await callWithHealth(status, text);
    expect(failure).toBeInstanceOf(OdooRefused);
    expect(String(failure)).toContain("Check ODOO_DATABASE");
  },
);
