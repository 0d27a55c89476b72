/** Says "alive" to Odoo and watches whether it is still the same environment that may send. */
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import type { Handshake, OdooPort } from "../ports/odoo.ts";
import type { PipelineObserver } from "../ports/pipeline_observer.ts";

/** Odoo shows a worker as gone after 30 s. */
export const heartbeatIntervalMs = 10_000;

export interface HeartbeatParts {
  readonly odoo: OdooPort;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly observer: PipelineObserver;
  readonly worker: string;
  readonly version: string;
  onHandshake(handshake: Handshake): void;
}

/** Beats until the signal aborts. A missed beat is logged; work goes on, because the road still works. */
export async function keepHeartbeat(parts: HeartbeatParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await parts.clock.sleep(heartbeatIntervalMs, signal);
    if (signal.aborted) return;
    try {
      const handshake = await parts.odoo.handshake(parts.worker, parts.version);
      parts.observer.setOdooUp(true);
      if (!signal.aborted) parts.onHandshake(handshake);
    } catch (error) {
      parts.observer.setOdooUp(false);
      parts.log.warn("heartbeat.missed", { reason: describeError(error) });
    }
  }
}
