/** What Odoo's door promises the sidecar; runs on the double and, over both transports, on a real Odoo. */
import { createHash, randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Claim, Outcome } from "../src/domain/delivery.ts";
import type { ParkedMessage } from "../src/ports/broker.ts";
import type { OdooPort } from "../src/ports/odoo.ts";
import { buildOutcome } from "./builders.ts";

export interface OdooUnderTest {
  readonly odoo: OdooPort;
  /** An endpoint nobody else uses. */
  readonly endpointId: number;
  /** Makes one due delivery to that endpoint for each name; the event's data carry the name. */
  createDue(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export function describeOdooContract(name: string, start: () => Promise<OdooUnderTest>): void {
  describe(`Odoo's door (${name})`, () => {
    let under: OdooUnderTest;
    const worker = `worker-${randomUUID()}`;
    beforeEach(async () => {
      under = await start();
    });
    afterEach(async () => {
      await under.close();
    });

    /** Claims from this test's endpoint only: a credit of 0 leaves the others alone. */
    async function claim(limit = 100, credit = 100): Promise<readonly Claim[]> {
      const list = await under.odoo.endpoints(0);
      const credits = new Map((list?.endpoints ?? []).map((endpoint) => [endpoint.id, 0]));
      credits.set(under.endpointId, credit);
      return (await under.odoo.claim(worker, limit, credits)).claims;
    }

    const outcomeOf = (claimed: Claim | undefined, shown: Partial<Outcome> = {}) =>
      buildOutcome({
        deliveryId: claimed?.deliveryId ?? 0,
        attemptNumber: claimed?.attemptNumber ?? 0,
        worker,
        ...shown,
      });

    test("introduces itself the same way every time", async () => {
      const first = await under.odoo.handshake(worker, "0.1.0");
      const second = await under.odoo.handshake(worker, "0.1.0");
      // Everything but the time.
      expect(second).toEqual({ ...first, serverTime: second.serverTime });
      expect(Date.parse(second.serverTime)).toBeGreaterThanOrEqual(Date.parse(first.serverTime));
      expect(first.environmentUuid).toMatch(/^[0-9a-f-]{36}$/);
      expect(first.isNeutralized).toBe(false);
      expect(first.claimLimit).toBeGreaterThan(0);
      expect(first.wakeChannel).not.toBe("");
    });

    test("tells a sidecar that sends its place among the others, and one that does not nothing", async () => {
      const { workers } = await under.odoo.handshake(worker, "0.1.0", "");
      expect(workers?.index).toBeLessThan(workers?.count ?? 0);
      expect(workers?.roll).not.toBe("");
      expect((await under.odoo.handshake(worker, "0.1.0")).workers).toBeUndefined();
    });

    test("lists all endpoints to who knows none and nothing to who knows them", async () => {
      const list = await under.odoo.endpoints(0);
      expect(list?.endpoints.map((endpoint) => endpoint.id)).toContain(under.endpointId);
      expect(await under.odoo.endpoints(list?.revision ?? 0)).toBeUndefined();
    });

    test("hands out a due delivery once while its lease lasts", async () => {
      await under.createDue(["One"]);
      const claims = await claim();
      expect(claims).toHaveLength(1);
      expect(claims[0]).toMatchObject({ attemptNumber: 1, scheduleStep: 1, endpointId: under.endpointId });
      expect(await claim()).toEqual([]);
    });

    test("keeps to the limit of the claim and to the credit of the endpoint", async () => {
      await under.createDue(["One", "Two", "Three"]);
      expect(await claim(100, 1)).toHaveLength(1);
      expect(await claim(1)).toHaveLength(1);
      expect(await claim()).toHaveLength(1);
    });

    test("hands out the event's text as valid JSON, whatever characters a name has", async () => {
      const contact = `<Ü & "漢" 😀 \\ 'tab\t'>`;
      await under.createDue([contact]);
      const [claimed] = await claim();
      const event = JSON.parse(claimed?.body ?? "{}") as {
        id?: string;
        type?: string;
        data?: { name?: string };
      };
      expect(event.data?.name).toBe(contact);
      expect(event.id).toBe(claimed?.webhookId);
      expect(event.type).toBe(claimed?.eventType);
    });

    test("applies an outcome once and calls its repetition stale", async () => {
      await under.createDue(["One"]);
      const claims = await claim();
      await under.odoo.published(worker, claims);
      const outcome = outcomeOf(claims[0]);
      const id = outcome.deliveryId;
      expect(await under.odoo.report([outcome])).toMatchObject({ applied: [id], stale: [], refused: [] });
      expect(await under.odoo.report([outcome])).toMatchObject({ applied: [], stale: [id], refused: [] });
    });

    test("applies an outcome that overtakes the announcement of its claim", async () => {
      await under.createDue(["One"]);
      const claims = await claim();
      const outcome = outcomeOf(claims[0]);
      expect((await under.odoo.report([outcome])).applied).toEqual([outcome.deliveryId]);
      await under.odoo.published(worker, claims);
      expect(await claim()).toEqual([]);
    });

    test("hands a retry out again with the next number, and ignores the number before it", async () => {
      await under.createDue(["One"]);
      const [first] = await claim();
      const retry = outcomeOf(first, {
        statusCode: 503,
        decision: { kind: "retry", failureClass: "unavailable", error: "status 503", retryDelayS: 0 },
      });
      await under.odoo.report([retry]);
      const [second] = await claim();
      expect(second).toMatchObject({ deliveryId: first?.deliveryId, attemptNumber: 2, scheduleStep: 2 });
      expect(second?.webhookId).toBe(first?.webhookId);
      expect((await under.odoo.report([retry])).stale).toEqual([first?.deliveryId]);
      expect((await under.odoo.report([outcomeOf(second)])).applied).toEqual([first?.deliveryId]);
    });

    test("does not hand out a failed delivery again", async () => {
      await under.createDue(["One"]);
      const [first] = await claim();
      const failed = outcomeOf(first, {
        statusCode: 422,
        decision: { kind: "failed", failureClass: "contract", error: "no <VAT> number", stopEndpoint: false },
      });
      expect((await under.odoo.report([failed])).applied).toEqual([first?.deliveryId]);
      expect(await claim()).toEqual([]);
    });

    test("refuses one bad outcome alone and applies the rest of the batch", async () => {
      await under.createDue(["One", "Two"]);
      const [first, second] = await claim();
      const result = await under.odoo.report([outcomeOf(first, { worker: "" }), outcomeOf(second)]);
      expect(result.applied).toEqual([second?.deliveryId]);
      expect(result.refused.map((refusal) => refusal.deliveryId)).toEqual([first?.deliveryId]);
    });

    test("applies outcomes whose texts hold any character a receiver can send", async () => {
      await under.createDue(["One"]);
      const [first] = await claim();
      const text = "\u0000\u0001\u001b[31m <![CDATA[ ]]> & \ud800 \uffff 漢 😀 \r\n";
      const outcome = outcomeOf(first, {
        responseExcerpt: text,
        decision: { kind: "failed", failureClass: "rejected", error: text, stopEndpoint: false },
      });
      expect((await under.odoo.report([outcome])).applied).toEqual([first?.deliveryId]);
    });

    test("calls an outcome of an unknown delivery stale", async () => {
      const outcome = outcomeOf(undefined, { deliveryId: 2_000_000_000, attemptNumber: 1 });
      expect((await under.odoo.report([outcome])).stale).toEqual([2_000_000_000]);
    });

    test("keeps a parked message, and says which one it cannot", async () => {
      const content = Buffer.from([0, 1, 255, 60, 38]);
      const fingerprint = createHash("sha256").update(content).update(randomUUID()).digest("hex");
      const message: ParkedMessage = {
        key: randomUUID(),
        fingerprint,
        foundIn: "dead",
        reason: "IM_MESSAGE_UNREADABLE: <odd> & \u0000 \ud800",
        messageId: "",
        messageType: "",
        sizeBytes: content.length,
        content,
      };
      const result = await under.odoo.park(worker, [message, { ...message, fingerprint: "short" }]);
      expect(result.parked).toEqual([message.key]);
      expect(result.refused).toEqual([{ index: 1, error: expect.stringMatching(/^IM_PARK_INVALID/) }]);
      expect(await under.odoo.park(worker, [])).toEqual({ parked: [], refused: [] });
    });

    test("takes an empty report", async () => {
      expect(await under.odoo.report([])).toEqual({ applied: [], stale: [], refused: [], isMoreDue: false });
    });
  });
}
