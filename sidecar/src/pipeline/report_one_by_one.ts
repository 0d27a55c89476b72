/**
 * Writes outcomes singly, after a batch failed although Odoo answers: one that Odoo cannot take must not keep back
 * those of all other endpoints.
 */
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
 * Resolves when each outcome is written or given up. One that is given up leaves its delivery queued: Odoo gives it
 * out again after its queue timeout. Rejects as `OdooPort` does when Odoo takes nothing at all; repeats are harmless.
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
