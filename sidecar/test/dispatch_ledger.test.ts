import { expect, it } from "vitest";
import type { Claim } from "../src/domain/delivery.ts";
import { AttemptLedger } from "../src/pipeline/dispatch_ledger.ts";
import type { Received } from "../src/ports/broker.ts";
import { buildClaim } from "./builders.ts";

const now = new Date("2026-11-20T08:00:00Z");

function buildMessage(deliveryId: number): Received<Claim> {
  return { value: buildClaim({ deliveryId }), isRedelivered: true, isOurs: true, ack() {} };
}

/** Delivers these, one after the other. */
function deliver(ledger: AttemptLedger, firstId: number, lastId: number): void {
  for (let deliveryId = firstId; deliveryId <= lastId; deliveryId += 1) {
    const admission = ledger.admit(buildMessage(deliveryId), now);
    if (admission.kind !== "new") throw new Error(`expected new work, got ${admission.kind}`);
    ledger.complete(admission.work, true, now);
  }
}

it("recognises copies of the latest 5,000 attempts, however many there were before", () => {
  const ledger = new AttemptLedger();
  deliver(ledger, 1, 12_345);
  expect(ledger.admit(buildMessage(12_345), now).kind).toBe("done");
  expect(ledger.admit(buildMessage(12_345 - 4_999), now).kind).toBe("done");
});

it("remembers no more than 10,000 attempts", () => {
  const ledger = new AttemptLedger();
  deliver(ledger, 1, 20_000);
  expect(ledger.admit(buildMessage(10_000), now).kind).toBe("new");
});

it("goes by the latest outcome of an attempt that was tried again", () => {
  const ledger = new AttemptLedger();
  const refused = ledger.admit(buildMessage(1), now);
  if (refused.kind !== "new") throw new Error("expected new work");
  ledger.complete(refused.work, false, now);
  deliver(ledger, 2, 5_001);
  const again = ledger.admit({ ...buildMessage(1), isRedelivered: false }, now);
  if (again.kind !== "new") throw new Error("expected new work");
  ledger.complete(again.work, true, now);
  expect(ledger.admit({ ...buildMessage(1), isRedelivered: false }, now).kind).toBe("done");
});
