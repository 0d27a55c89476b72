/** Dispatch between a real broker, whose connection is cut, and a real endpoint. */
import { expect, it, vi } from "vitest";
import { systemClock } from "../src/adapters/system_clock.ts";
import type { Claim, Outcome } from "../src/domain/delivery.ts";
import { Dispatcher } from "../src/pipeline/dispatch.ts";
import { RequestBudget } from "../src/pipeline/request_budget.ts";
import { buildClaim, recordLog } from "./builders.ts";
import { MapperDouble } from "./doubles/mapper_double.ts";
import { ObserverDouble } from "./doubles/observer_double.ts";
import { cleanUpAfterEach, cleanUpLater, endpointAt, openSender, start } from "./doubles/sender_stage.ts";
import { startRealBroker } from "./support/real_broker.ts";

const deliveryCount = 300;
const deadline = { timeout: 25_000, interval: 20 };

cleanUpAfterEach();

async function startDispatch() {
  const receiver = await start((response) => response.end("ok"));
  const { broker, proxy, close } = await startRealBroker();
  cleanUpLater(close);
  const dispatcher = new Dispatcher({
    broker,
    mapper: new MapperDouble(),
    sender: openSender(),
    clock: systemClock,
    log: recordLog().log,
    observer: new ObserverDouble(),
    budget: new RequestBudget(256),
    mayStart: () => true,
    worker: "worker-1",
    version: "0.1.0",
  });
  cleanUpLater(() => dispatcher.drain(AbortSignal.timeout(5_000)));
  dispatcher.applyEndpoints([endpointAt(receiver.url, { id: 7 })]);
  const outcomes: Outcome[] = [];
  await broker.consumeReports(50, (message) => {
    outcomes.push(...message.value);
    message.ack();
  });
  return { broker, proxy, receiver, outcomes };
}

it("sends every delivery, and none twice, while the broker's connections are cut again and again", async () => {
  const { broker, proxy, receiver, outcomes } = await startDispatch();
  const publish = (claim: Claim) =>
    vi.waitUntil(
      () =>
        broker.publishClaim(claim).then(
          () => true,
          () => false,
        ),
      deadline,
    );
  const published = Array.from({ length: deliveryCount }, (_, index) =>
    publish(buildClaim({ deliveryId: index + 1, endpointId: 7 })),
  );
  for (const share of [0.1, 0.4, 0.7]) {
    await vi.waitUntil(() => receiver.requests.length >= deliveryCount * share, deadline);
    proxy.cutAll();
  }
  await Promise.all(published);
  const reportedIds = () => new Set(outcomes.map((outcome) => outcome.deliveryId));
  await vi.waitUntil(() => reportedIds().size === deliveryCount, deadline);
  expect(receiver.requests).toHaveLength(deliveryCount);
  expect(outcomes.every((outcome) => outcome.decision.kind === "delivered")).toBe(true);
}, 60_000);
