/**
 * Brings messages that belong to no delivery from the `parked` queue into Odoo, where a person sees them.
 *
 *   consuming ── a message ──▶ telling Odoo ── taken ──▶ acknowledged
 *       ▲                          └─ Odoo away ──▶ closed ── Odoo answers ──▶ consuming
 *       └──────────────────────────────────────────────────────────────────────────┘
 *
 * The queue is the memory: whatever is away or restarted, a message stays on it until Odoo has it. While Odoo is
 * away the queue is not consumed, because each return of a message counts against its delivery limit.
 */
import { backoffMs } from "../domain/backoff.ts";
import type { BrokerPort, ParkedMessage, Received } from "../ports/broker.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import { type OdooPort, OdooRefused, OdooUnavailable } from "../ports/odoo.ts";
import { WakeSignal } from "./wake_signal.ts";

const prefetch = 20;
/** Longest wait for a message; only a bound, since arrival ends the wait. */
const idleWaitMs = 60_000;
/** A row that somebody else is changing makes a call fail too, but not three times. */
const triesMax = 3;

export interface ParkingParts {
  readonly odoo: OdooPort;
  readonly broker: BrokerPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly worker: string;
}

/** Runs until the signal aborts; what is not told by then stays on the queue. */
export async function keepParking(parts: ParkingParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tellWhilePossible(parts, signal);
    await parts.broker.cancelParked();
    if (!signal.aborted) await waitForOdoo(parts, signal);
  }
}

/** Returns when Odoo takes nothing, or the signal aborts. */
async function tellWhilePossible(parts: ParkingParts, signal: AbortSignal): Promise<void> {
  const waiting: Received<ParkedMessage>[] = [];
  const arrived = new WakeSignal(parts.clock);
  await parts.broker.consumeParked(prefetch, (message) => {
    waiting.push(message);
    arrived.notify();
  });
  while (!signal.aborted) {
    const message = waiting.shift();
    if (message === undefined) await arrived.wait(idleWaitMs, signal);
    else if (!(await tell(message, parts))) return;
  }
}

/** False when Odoo takes nothing at all. */
async function tell(message: Received<ParkedMessage>, parts: ParkingParts): Promise<boolean> {
  const { log } = parts;
  try {
    const why =
      (await tryTell(message.value, parts)) &&
      (await tryTell(withoutContent(message.value), parts)) &&
      (await tryTell(withFingerprintOnly(message.value), parts));
    if (why) {
      // Stays unsettled, so it is not lost: it comes again with the next start.
      log.error("parking.refused", { fingerprint: message.value.fingerprint, reason: why });
      return true;
    }
    message.ack();
    log.info("parking.told", {
      fingerprint: message.value.fingerprint,
      found_in: message.value.foundIn,
      size_bytes: message.value.sizeBytes,
    });
    return true;
  } catch (error) {
    if (!(error instanceof OdooUnavailable || error instanceof OdooRefused)) throw error;
    log[error instanceof OdooRefused ? "error" : "warn"]("parking.odoo_away", { reason: error.message });
    return false;
  }
}

/** Undefined when Odoo has it, else why not. Throws when Odoo takes no message at all. */
async function tryTell(message: ParkedMessage, { odoo, worker }: ParkingParts): Promise<string | undefined> {
  let why: string | undefined;
  for (let tryNumber = 1; tryNumber <= triesMax; tryNumber += 1) {
    try {
      const { refused } = await odoo.park(worker, [message]);
      return refused[0]?.error;
    } catch (error) {
      why = describeError(error);
      // An empty call tells a message that Odoo cannot take from an Odoo that takes none.
      await odoo.park(worker, []);
    }
  }
  return why;
}

function withoutContent(message: ParkedMessage): ParkedMessage {
  return {
    ...message,
    reason: `${message.reason} (Odoo could not take the content)`,
    content: Buffer.alloc(0),
  };
}

/** Everything that its publisher wrote is left out: twenty that Odoo refuses would block the queue for good. */
function withFingerprintOnly(message: ParkedMessage): ParkedMessage {
  return { ...withoutContent(message), key: message.fingerprint, messageId: "", messageType: "" };
}

async function waitForOdoo({ odoo, clock, worker }: ParkingParts, signal: AbortSignal): Promise<void> {
  for (let failureCount = 1; !signal.aborted; failureCount += 1) {
    await clock.sleep(backoffMs(failureCount, clock.random()), signal);
    if (signal.aborted) return;
    try {
      await odoo.park(worker, []);
      return;
    } catch (error) {
      if (!(error instanceof OdooUnavailable || error instanceof OdooRefused)) throw error;
    }
  }
}
