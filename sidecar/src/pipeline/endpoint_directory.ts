/**
 * Keeps the list of endpoints current. Claims and heartbeats carry the revision; a different one means
 * "read again". The list holds secrets: it lives in memory only.
 */
import { backoffMs } from "../domain/backoff.ts";
import type { Endpoint } from "../domain/delivery.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import type { OdooPort } from "../ports/odoo.ts";
import { WakeSignal } from "./wake_signal.ts";

/**
 * The revision is a database sequence, moved again after commit. Should Odoo die between the two, the new
 * number was read with the old settings: a full read now and then heals that.
 */
const rereadMs = 60_000;

export interface EndpointDirectoryParts {
  readonly odoo: OdooPort;
  readonly clock: Clock;
  readonly log: LogPort;
  /** The full current list. */
  onChange(endpoints: readonly Endpoint[]): void;
}

export class EndpointDirectory {
  readonly #parts: EndpointDirectoryParts;
  readonly #changed: WakeSignal;
  readonly #loaded = Promise.withResolvers<void>();
  #isLoaded = false;
  /** 0: Odoo's "I know none". */
  #revision = 0;

  constructor(parts: EndpointDirectoryParts) {
    this.#parts = parts;
    this.#changed = new WakeSignal(parts.clock);
  }

  noteRevision(revision: number): void {
    if (revision !== this.#revision) this.#changed.notify();
  }

  /** The list was read, now or earlier. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Resolves after the first successful read. */
  whenLoaded(): Promise<void> {
    return this.#loaded.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    for (let failureCount = 0; !signal.aborted; ) {
      try {
        await this.#read(signal);
        failureCount = 0;
        await this.#changed.wait(rereadMs, signal);
      } catch (error) {
        failureCount += 1;
        log.warn("endpoints.read_failed", { reason: describeError(error) });
        await clock.sleep(backoffMs(failureCount, clock.random()), signal);
      }
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    const answer = await this.#parts.odoo.endpoints(0);
    if (signal.aborted) return;
    this.#isLoaded = true;
    this.#loaded.resolve();
    if (answer === undefined) return;
    if (answer.revision !== this.#revision) {
      this.#parts.log.info("endpoints.read", { revision: answer.revision, count: answer.endpoints.length });
    }
    this.#revision = answer.revision;
    this.#parts.onChange(answer.endpoints);
  }
}
