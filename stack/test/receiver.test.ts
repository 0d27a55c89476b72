import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createReceiver } from "../receiver/app.ts";
import { EventStore } from "../receiver/event_store.ts";
import type { ReceivedEvent } from "../receiver/received_event.ts";

const secret = `whsec_${Buffer.from("a secret of thirty-two bytes ....").toString("base64")}`;
const body = '{"type":"odoo.account.invoice.posted.v1","data":{"name":"INV/1"}}';
let dir: string;
let server: Server;
let url: string;

async function open(): Promise<void> {
  const app = createReceiver(new EventStore(dir), () => new Date("2026-11-20T08:31:54.123Z"));
  server = await new Promise((resolve) => {
    const listening = app.listen(0, "127.0.0.1", () => resolve(listening));
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "receiver-test-"));
  await open();
});

afterEach(async () => {
  await close();
  rmSync(dir, { recursive: true });
});

function send(hook: string, id: string, signingSecret = secret, text = body): Promise<Response> {
  const at = new Date();
  return fetch(`${url}/hooks/${hook}`, {
    method: "POST",
    headers: {
      "content-type": "application/cloudevents+json; charset=utf-8",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(signingSecret).sign(id, at, body),
    },
    body: text,
  });
}

function put(path: string, value: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${url}${path}`, { method: "PUT", headers, body: JSON.stringify(value) });
}

async function events(hook = ""): Promise<ReceivedEvent[]> {
  const response = await fetch(`${url}/api/events${hook && `?hook=${hook}`}`);
  return ((await response.json()) as { events: ReceivedEvent[] }).events;
}

describe("signatures", () => {
  test("a right signature shows as verified", async () => {
    await put("/api/secrets", { steady: secret });
    expect((await send("steady", "evt-1")).status).toBe(200);
    expect(await events()).toMatchObject([
      { verified: true, verification_error: "", event: { data: { name: "INV/1" } }, body },
    ]);
  });

  test("a signature made with another secret shows as not verified", async () => {
    await put("/api/secrets", { steady: secret });
    await send("steady", "evt-1", `whsec_${Buffer.from("another").toString("base64")}`);
    expect(await events()).toMatchObject([
      { verified: false, verification_error: "No matching signature found" },
    ]);
  });

  test("a body changed on its way shows as not verified", async () => {
    await put("/api/secrets", { steady: secret });
    await send("steady", "evt-1", secret, body.replace("INV/1", "INV/2"));
    expect(await events()).toMatchObject([{ verified: false }]);
  });

  test("without a secret nothing shows as verified", async () => {
    await send("steady", "evt-1");
    expect(await events()).toMatchObject([{ verified: false }]);
  });
});

describe("the switch", () => {
  test("refuses on the switchable hook only, with the chosen status and text", async () => {
    await put("/api/switch", { accept: false, status: 422, text: "Unknown tax identifier" });
    const refused = await send("switchable", "evt-1");
    expect([refused.status, await refused.text()]).toEqual([422, "Unknown tax identifier"]);
    expect((await send("steady", "evt-1")).status).toBe(200);
  });

  test("accepts again after it was switched back", async () => {
    await put("/api/switch", { accept: false, status: 500, text: "" });
    await put("/api/switch", { accept: true });
    expect((await send("switchable", "evt-1")).status).toBe(200);
  });

  test("a status that is no refusal is not taken", async () => {
    expect((await put("/api/switch", { accept: false, status: 204, text: "" })).status).toBe(400);
    expect((await send("switchable", "evt-1")).status).toBe(200);
  });
});

describe("duplicates", () => {
  test("the second copy of an accepted event is marked, on its own hook only", async () => {
    await send("steady", "evt-1");
    await send("steady", "evt-1");
    await send("switchable", "evt-1");
    const marks = (await events()).map(({ hook, duplicate }) => `${hook} ${duplicate}`);
    expect(marks).toEqual(["switchable false", "steady true", "steady false"]);
  });

  test("a retry after a refusal is no duplicate", async () => {
    await put("/api/switch", { accept: false, status: 422, text: "" });
    await send("switchable", "evt-1");
    await put("/api/switch", { accept: true });
    await send("switchable", "evt-1");
    expect((await events()).map(({ duplicate }) => duplicate)).toEqual([false, false]);
  });

  test("are still recognised after a restart, which also keeps events and switch", async () => {
    await send("steady", "evt-1");
    await put("/api/switch", { accept: false, status: 422, text: "no" });
    await close();
    await open();
    await send("steady", "evt-1");
    expect((await events()).map(({ duplicate }) => duplicate)).toEqual([true, false]);
    expect((await send("switchable", "evt-2")).status).toBe(422);
  });
});

describe("the list", () => {
  test("shows one hook's events, newest first", async () => {
    for (const id of ["evt-1", "evt-2"]) await send("steady", id);
    await send("switchable", "evt-3");
    expect((await events("steady")).map(({ webhook_id }) => webhook_id)).toEqual(["evt-2", "evt-1"]);
  });

  test("is read from a file of any length with a cut line, and the file shrinks to what is kept", async () => {
    const file = join(dir, "events.jsonl");
    const line = (id: number) =>
      `${JSON.stringify({ hook: "steady", webhook_id: `w${id}`, status: 200, padding: "x".repeat(40_000) })}\n`;
    await close();
    for (let id = 0; id < 2_100; id += 1) appendFileSync(file, line(id));
    appendFileSync(file, '{"hook": "steady", "web');
    await open();
    const kept = await events();
    expect(kept[0]?.webhook_id).toBe("w2099");
    expect(kept.length).toBeGreaterThan(1_000);
    expect(statSync(file).size).toBeLessThanOrEqual(64 * 1024 * 1024);
  });

  test("is empty after it was cleared", async () => {
    await send("steady", "evt-1");
    await fetch(`${url}/api/events`, { method: "DELETE" });
    expect(await events()).toEqual([]);
  });

  test("an unknown hook is refused by name and kept nowhere", async () => {
    const response = await send("other", "evt-1");
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: 'Expected a hook named steady or switchable, got "other"',
    });
    expect(await events()).toEqual([]);
  });

  test("keeps a body that is no JSON as it came", async () => {
    await send("steady", "evt-1", secret, "plain words");
    expect(await events()).toMatchObject([{ event: null, body: "plain words" }]);
  });

  test("has a page", async () => {
    const page = await (await fetch(url)).text();
    expect(page).toContain("<h1>Sample receiver</h1>");
  });
});
