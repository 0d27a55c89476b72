import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});

const languages = [
  { name: "TypeScript", command: [process.execPath, "docs/examples/receiver.ts"] },
  { name: "Python", command: ["/usr/bin/python3", "docs/examples/receiver.py"] },
];

describe.each(languages)("the $name receiver", ({ command }) => {
  test("applies a genuine event once and ignores its second copy", async () => {
    const url = await startReceiver(command);
    const body = eventBody("e1", "000000000002");
    expect(await post(url, "e1", body)).toEqual({ status: 200, text: "applied" });
    expect(await post(url, "e1", body)).toEqual({ status: 200, text: "duplicate, already applied" });
  });

  test("ignores an event older than the newest of the same record", async () => {
    const url = await startReceiver(command);
    await post(url, "e2", eventBody("e2", "000000000002"));
    expect((await post(url, "e1", eventBody("e1", "000000000001"))).text).toContain("older");
  });

  test("refuses a body that was changed after signing", async () => {
    const url = await startReceiver(command);
    const answer = await post(url, "e1", `${eventBody("e1", "1")} `, { signed: eventBody("e1", "1") });
    expect(answer).toEqual({ status: 401, text: "the signature does not match" });
  });

  test("refuses a timestamp older than five minutes", async () => {
    const url = await startReceiver(command);
    const answer = await post(url, "e1", eventBody("e1", "1"), { ageS: 301 });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain("five minutes");
  });

  test("answers 422 with a reason when the body is not understood", async () => {
    const url = await startReceiver(command);
    const answer = await post(url, "e1", "not json");
    expect(answer.status).toBe(422);
    expect(answer.text).toContain("not understood");
  });
});

function eventBody(id: string, sequence: string): string {
  return JSON.stringify({
    id,
    type: "odoo.test.v1",
    partitionkey: "account.move/42",
    sequence,
    data: { id: 42 },
  });
}

async function post(
  url: string,
  id: string,
  body: string,
  { signed = body, ageS = 0 } = {},
): Promise<{ status: number; text: string }> {
  const timestamp = Math.floor(Date.now() / 1000) - ageS;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${signed}`).digest("base64");
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "webhook-id": id, "webhook-timestamp": `${timestamp}`, "webhook-signature": `v1,${mac}` },
  });
  return { status: response.status, text: await response.text() };
}

async function startReceiver(command: readonly string[]): Promise<string> {
  const port = await freePort();
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    env: { ...process.env, SIGNING_SECRET: secret, PORT: `${port}` },
    stdio: "inherit",
  });
  running.push(child);
  const url = `http://127.0.0.1:${port}/`;
  await expect
    .poll(
      () =>
        fetch(url, { method: "POST", body: "{}" }).then(
          (r) => r.status,
          () => 0,
        ),
      {
        timeout: 15_000,
      },
    )
    .toBe(401);
  return url;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
