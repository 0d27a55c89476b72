/**
 * Writes outcomes singly, after a batch failed although Odoo answers: one that Odoo cannot take must not keep back
 * those of all other endpoints.
 */
import { createHash } from "node:crypto";
import type { Outcome } from "../domain/delivery.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import type { OdooPort, ReportResult } from "../ports/odoo.ts";

/** A row that somebody else is changing makes a call fail too, but not three times. */
const triesMax = 3;

export interface SingleWriteParts {
  readonly odoo: OdooPort;
  readonly log: LogPort;
  onResult(result: ReportResult): void;
}

/**
 * Resolves when each outcome is written or given up. One that is given up becomes a case for a person, and leaves its
 * delivery queued: Odoo gives it out again after its queue timeout. Rejects as `OdooPort` does when Odoo takes nothing at all; repeats are harmless.
 */
export async function writeOneByOne(outcomes: readonly Outcome[], parts: SingleWriteParts): Promise<void> {
  for (const outcome of outcomes) {
    const failure = await tryWrite(outcome, parts);
    if (failure === undefined) continue;
    parts.log.error("report.given_up", {
      delivery_id: outcome.deliveryId,
      attempt_number: outcome.attemptNumber,
      reason: describeError(failure),
    });
    await parkOutcome(outcome, describeError(failure), parts);
  }
}

async function parkOutcome(outcome: Outcome, why: string, { odoo, log }: SingleWriteParts): Promise<void> {
  const name = `delivery ${outcome.deliveryId}, attempt ${outcome.attemptNumber}`;
  // Without the texts: they may be what Odoo cannot take.
  const content = Buffer.from(
    JSON.stringify({ ...outcome, responseExcerpt: "", decision: outcome.decision.kind }),
  );
  try {
    await odoo.park(outcome.worker, [
      {
        key: name,
        fingerprint: createHash("sha256").update(name).digest("hex"),
        foundIn: "report",
        reason: `IM_OUTCOME_GIVEN_UP: Odoo fails on the outcome of ${name}: ${why}`,
        messageId: "",
        messageType: "",
        sizeBytes: content.length,
        content,
      },
    ]);
  } catch (error) {
    log.error("report.parking_failed", { reason: describeError(error) });
  }
}

/** The last failure, if no try succeeded. */
async function tryWrite(outcome: Outcome, { odoo, onResult }: SingleWriteParts): Promise<unknown> {
  let failure: unknown;
  for (let tryNumber = 1; tryNumber <= triesMax; tryNumber += 1) {
    try {
      onResult(await odoo.report([outcome]));
      return undefined;
    } catch (error) {
      failure = error;
      // An empty report tells an outcome that cannot be written from an Odoo that takes none.
      await odoo.report([]);
    }
  }
  return failure;
}
