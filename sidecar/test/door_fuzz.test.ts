/**
 * Whoever holds the service account's key may say anything to the door: Odoo answers with a refusal, never with a fault
 * of our code, and no malformed call changes a delivery. (The `debug` field beside a refusal is Odoo's own.)
 */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTransport } from "../src/adapters/odoo_door.ts";
import { OdooRefused } from "../src/ports/odoo.ts";
import { requireVariable } from "./support/environment.ts";
import { type ArrangedEndpoint, arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";

interface Answer {
  readonly statusCode: number;
  readonly body: unknown;
}

let admin: OdooAdmin;
let endpoint: ArrangedEndpoint;
let deliveryId: number;

/** A waiting delivery of a paused endpoint: no well-formed claim takes it, so nothing may change. */
beforeAll(async () => {
  admin = await OdooAdmin.logIn();
  endpoint = await arrangeEndpoint(admin);
  await endpoint.createContacts(["Fuzz"]);
  await admin.call("integration.endpoint", "action_pause", [[endpoint.id]]);
  const [delivery] = await admin.searchRead(
    "integration.delivery",
    [["endpoint_id", "=", endpoint.id]],
    ["id"],
  );
  deliveryId = Number(delivery?.id);
});
afterAll(() => endpoint.remove());

async function say(method: string, body: string): Promise<Answer> {
  const answer = await fetch(
    new URL(`/json/2/integration.sidecar/${method}`, requireVariable("IM_TEST_ODOO_URL")),
    {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `bearer ${requireVariable("IM_TEST_ODOO_API_KEY")}`,
        "x-odoo-database": requireVariable("IM_TEST_ODOO_DATABASE"),
      },
      body,
    },
  );
  return { statusCode: answer.status, body: await answer.json() };
}

/** Never a 5xx; a refusal is one of ours, with a code, or Odoo's about the names of arguments. */
function expectDecent({ statusCode, body }: Answer, call: string): void {
  expect(statusCode, call.slice(0, 2000)).toBeLessThan(500);
  if (statusCode === 200) return;
  const { name, message } = body as { name: string; message: string };
  expect(`${name}: ${message}`, call.slice(0, 2000)).toMatch(
    /^odoo\.exceptions\.\w+: IM_[A-Z_]+: |^werkzeug\.exceptions\.\w+: (missing a required|got an unexpected)/,
  );
  expect(message.length).toBeLessThan(500);
}

async function expectUnchanged(): Promise<void> {
  const [delivery] = await admin.searchRead(
    "integration.delivery",
    [["id", "=", deliveryId]],
    ["state", "attempt_count", "lease_until", "attempt_ids"],
  );
  expect(delivery).toMatchObject({ state: "pending", attempt_count: 0, lease_until: false, attempt_ids: [] });
}

const names: Readonly<Record<string, readonly string[]>> = {
  handshake: ["worker", "version"],
  endpoints: ["revision"],
  claim: ["worker", "limit", "credits"],
  published: ["worker", "claims"],
  report: ["outcomes"],
  park: ["worker", "messages"],
};

/** JSON texts, among them what JSON.stringify would never write. */
const oddText = fc.constantFrom(
  ...["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "-0", "0.1", "null", "true", "{}", "[]"],
  ...["9223372036854775808", "-9223372036854775809", "2147483648", `1${"0".repeat(4000)}`, '""', '"\\u0000"'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\uffff"', '"2026-13-45T99:99:99Z"', '"0001-01-01T00:00:00+23:59"'],
  ...[
    `${"[".repeat(200)}${"]".repeat(200)}`,
    `${'{"a":'.repeat(200)}1${"}".repeat(200)}`,
    '{"":""}',
    '{"-1":1}',
  ],
  ...[
    '{"1":NaN}',
    '{"١":1}',
    '{"1e3":1}',
    '{"00000000001":1}',
    '{"4294967296":1}',
    '["x"]',
    "[null]",
    "[[]]",
  ],
);
const anyText = fc.oneof(oddText, fc.json({ maxDepth: 3 }));

describe("the door over JSON-2", () => {
  test.each(Object.keys(names))("%s refuses any odd arguments decently", async (method) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 3, maxLength: 3 }), async (values) => {
        const parts = (names[method] ?? []).map((name, index) => `"${name}":${values[index]}`);
        const call = `{${parts.join(",")}}`;
        expectDecent(await say(method, call), call);
      }),
      { numRuns: 20 },
    );
    await expectUnchanged();
  });

  test("one odd value in a well-formed call is refused or cleaned, and what is refused changes nothing", async () => {
    const outcome: Readonly<Record<string, string>> = {
      delivery_id: String(deliveryId),
      attempt_number: "1",
      result: '"failed"',
      started_at: '"2026-11-20T08:31:54.123Z"',
      duration_ms: "12",
      status_code: "422",
      failure_class: '"contract"',
      error: '"refused"',
      response_excerpt: '"no"',
      stop_endpoint: "false",
      worker: '"worker-1"',
    };
    // What decides is never guessed, so none of these calls may count.
    const deciding = fc.constantFrom("delivery_id", "attempt_number", "result");
    await fc.assert(
      fc.asyncProperty(deciding, anyText, async (name, text) => {
        // Not the value that is right, nor the number of somebody else's delivery.
        fc.pre(!/^\d+$/.test(text.trim()));
        const parts = Object.entries({ ...outcome, [name]: text }).map(([key, value]) => `"${key}":${value}`);
        const call = `{"outcomes":[{${parts.join(",")}}]}`;
        const answer = await say("report", call);
        expectDecent(answer, call);
        expect(answer.body, call).toMatchObject({ applied: [] });
      }),
      { numRuns: 40 },
    );
    await expectUnchanged();
  });

  test("texts of ten megabytes are refused or cut", async () => {
    const long = "ä".repeat(5 * 1024 * 1024);
    for (const [method, named] of [
      ["handshake", { worker: long, version: "1" }],
      ["claim", { worker: "w", limit: long, credits: {} }],
      ["claim", { worker: "w", limit: 1, credits: { [long]: 1 } }],
      ["published", { worker: "w", claims: [{ delivery_id: long, attempt_number: 1 }] }],
      ["report", { outcomes: [{ delivery_id: deliveryId, attempt_number: 1, result: long }] }],
      ["park", { worker: "w", messages: [{ message_key: "k", fingerprint: long }] }],
    ] as const) {
      expectDecent(await say(method, JSON.stringify(named)), method);
    }
    await expectUnchanged();
  });

  test("a context of the caller's changes nothing at the door", async () => {
    const context = { lang: "en_US", active_test: false, allowed_company_ids: [999], tz: "Nowhere/Land" };
    const claim = await say("claim", JSON.stringify({ worker: "w", limit: 1, credits: {}, context }));
    expect(claim.statusCode).toBe(200);
    const endpoints = await say("endpoints", JSON.stringify({ revision: 0, context }));
    expect(endpoints.statusCode).toBe(200);
  });

  test("methods that are none of the door's are refused", async () => {
    for (const method of ["_open_door", "_park_outcomes", "sudo", "browse", "nothing", "write", "env"]) {
      const { statusCode } = await say(method, "{}");
      expect([403, 404, 422]).toContain(statusCode);
    }
  });
});

describe("the door over XML-RPC", () => {
  test("refuses any odd arguments as a person can read", async () => {
    const transport = createTransport("xmlrpc", {
      url: new URL(requireVariable("IM_TEST_ODOO_URL")),
      database: requireVariable("IM_TEST_ODOO_DATABASE"),
      login: requireVariable("IM_TEST_ODOO_LOGIN"),
      apiKey: requireVariable("IM_TEST_ODOO_API_KEY"),
      callTimeoutMs: 20_000,
    });
    // XML-RPC knows neither null nor numbers beyond 32 bits.
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        0,
        -1,
        2 ** 31 - 1,
        -(2 ** 31),
        0.5,
        -0.25,
        true,
        false,
        "",
        [],
        {},
        [[]],
        ["x"],
      ),
      fc.string({ unit: "grapheme", maxLength: 50 }),
      fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,5}$/), fc.integer(), { maxKeys: 3 }),
    );
    const method = fc.constantFrom(...Object.keys(names));
    await fc.assert(
      fc.asyncProperty(method, fc.array(value, { minLength: 3, maxLength: 3 }), async (name, values) => {
        const named = Object.fromEntries((names[name] ?? []).map((key, index) => [key, values[index]]));
        try {
          await transport.call(name, named);
        } catch (error) {
          expect(error, name).toBeInstanceOf(OdooRefused);
          expect(String(error)).toMatch(/IM_[A-Z]+_INVALID: /);
        }
      }),
      { numRuns: 80 },
    );
    await transport.close();
    await expectUnchanged();
  });
});
