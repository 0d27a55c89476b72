/** What every BrokerPort promises; runs on the double and on RabbitMQ. */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Claim, Outcome } from "../src/domain/delivery.ts";
import { type BrokerPort, BrokerUnavailable, type Received } from "../src/ports/broker.ts";
import { buildClaim, buildOutcome } from "./builders.ts";

export interface BrokerUnderTest {
  readonly broker: BrokerPort;
  /** Cuts every connection once; a real broker is reached again by itself. */
  cut(): void;
  reach(): void;
  /** Makes the broker unreachable until `reach`. */
  refuse(): void;
  close(): Promise<void>;
}

const deadline = { timeout: 15_000, interval: 10 };

export function describeBrokerContract(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(`a broker (${name})`, () => {
    const open: BrokerUnderTest[] = [];
    const startOne = async () => {
      const under = await start();
      open.push(under);
      await vi.waitUntil(() => under.broker.isConnected, deadline);
      return under;
    };
    afterEach(async () => {
      for (const under of open.splice(0)) await under.close();
    });

    test("hands a published claim unchanged to the consumer of its lane", async () => {
      const { broker } = await startOne();
      const claim = buildClaim({ endpointId: 7, lane: "batch" });
      const taken: Received<Claim>[] = [];
      const others: Received<Claim>[] = [];
      await broker.consumeLane(7, "urgent", 10, (message) => others.push(message));
      await broker.consumeLane(8, "batch", 10, (message) => others.push(message));
      await broker.publishClaim(claim);
      await broker.consumeLane(7, "batch", 10, (message) => taken.push(message));
      await vi.waitUntil(() => taken.length === 1, deadline);
      expect(taken[0]?.value).toEqual(claim);
      expect(others).toEqual([]);
    });

    test("keeps claims for a consumer that comes later", async () => {
      const { broker } = await startOne();
      for (const deliveryId of [1, 2, 3]) await broker.publishClaim(buildClaim({ deliveryId }));
      const taken: number[] = [];
      await broker.consumeLane(7, "urgent", 10, (message) => taken.push(message.value.deliveryId));
      await vi.waitUntil(() => taken.length === 3, deadline);
      expect(taken).toEqual([1, 2, 3]);
    });

    test("hands out at most `prefetch` unsettled claims", async () => {
      const { broker } = await startOne();
      for (const deliveryId of [1, 2, 3, 4]) await broker.publishClaim(buildClaim({ deliveryId }));
      const taken: Received<Claim>[] = [];
      await broker.consumeLane(7, "urgent", 2, (message) => taken.push(message));
      await vi.waitUntil(() => taken.length === 2, deadline);
      // A message beyond the prefetch would have to travel before this report does.
      const reports: Received<readonly Outcome[]>[] = [];
      await broker.consumeReports(10, (message) => reports.push(message));
      await broker.publishOutcomes([buildOutcome()]);
      await vi.waitUntil(() => reports.length === 1, deadline);
      expect(taken.length).toBe(2);
      taken[0]?.ack();
      await vi.waitUntil(() => taken.length === 3, deadline);
    });

    test("hands an unsettled claim out again after a lost connection, and not a settled one", async () => {
      const { broker, cut, reach } = await startOne();
      const taken: Received<Claim>[] = [];
      await broker.consumeLane(7, "urgent", 2, (message) => taken.push(message));
      await broker.publishClaim(buildClaim({ deliveryId: 1 }));
      await broker.publishClaim(buildClaim({ deliveryId: 2 }));
      await vi.waitUntil(() => taken.length === 2, deadline);
      taken[0]?.ack();
      // Beyond the prefetch of two: it comes when the settling has reached the broker.
      await broker.publishClaim(buildClaim({ deliveryId: 3 }));
      await vi.waitUntil(() => taken.length === 3, deadline);
      cut();
      reach();
      await vi.waitUntil(() => taken.length === 5, deadline);
      expect(taken.slice(3).map((message) => message.value.deliveryId)).toEqual([2, 3]);
    });

    test("takes a late settling after a lost connection without harm", async () => {
      const { broker, cut, reach } = await startOne();
      const taken: Received<Claim>[] = [];
      await broker.consumeLane(7, "urgent", 10, (message) => taken.push(message));
      await broker.publishClaim(buildClaim({ deliveryId: 1 }));
      await vi.waitUntil(() => taken.length === 1, deadline);
      cut();
      reach();
      await vi.waitUntil(() => taken.length === 2, deadline);
      taken[0]?.ack();
      taken[1]?.ack();
      taken[1]?.ack();
      await vi.waitUntil(() => broker.isConnected, deadline);
      await broker.publishClaim(buildClaim({ deliveryId: 2 }));
      await vi.waitUntil(() => taken.length === 3, deadline);
      expect(taken[2]?.value.deliveryId).toBe(2);
    });

    test("rejects publishing with BrokerUnavailable while the broker is away", async () => {
      const { broker, refuse } = await startOne();
      refuse();
      await vi.waitUntil(() => !broker.isConnected, deadline);
      await expect(broker.publishClaim(buildClaim())).rejects.toBeInstanceOf(BrokerUnavailable);
      await expect(broker.publishOutcomes([buildOutcome()])).rejects.toBeInstanceOf(BrokerUnavailable);
    });

    test("carries every kind of outcome unchanged to the consumer of reports", async () => {
      const { broker } = await startOne();
      const failure = { failureClass: "server_error", error: "status 503" } as const;
      const outcomes = [
        buildOutcome({ deliveryId: 1 }),
        buildOutcome({ deliveryId: 2, decision: { kind: "retry", ...failure, retryDelayS: 30.5 } }),
        buildOutcome({ deliveryId: 3, decision: { kind: "failed", ...failure, stopEndpoint: true } }),
      ];
      const taken: Received<readonly Outcome[]>[] = [];
      await broker.consumeReports(10, (message) => taken.push(message));
      await broker.publishOutcomes(outcomes);
      await vi.waitUntil(() => taken.length === 1, deadline);
      expect(taken[0]?.value).toEqual(outcomes);
    });

    test("keeps unsettled reports when their consumer is cancelled", async () => {
      const { broker } = await startOne();
      let takenCount = 0;
      await broker.consumeReports(10, () => {
        takenCount += 1;
      });
      await broker.publishOutcomes([buildOutcome()]);
      await vi.waitUntil(() => takenCount === 1, deadline);
      await broker.cancelReports();
      const again: Received<readonly Outcome[]>[] = [];
      await broker.consumeReports(10, (message) => again.push(message));
      await vi.waitUntil(() => again.length === 1, deadline);
    });
  });
}
