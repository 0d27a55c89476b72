import type { WakeUpHints, WakeUpPort } from "../../src/ports/odoo.ts";

/** Hints when the test says so. */
export class WakeUpDouble implements WakeUpPort {
  readonly channels: string[] = [];
  readonly #listeners = new Set<WakeUpHints>();

  listen(channel: string, hints: WakeUpHints, signal: AbortSignal): void {
    this.channels.push(channel);
    this.#listeners.add(hints);
    signal.addEventListener("abort", () => this.#listeners.delete(hints), { once: true });
  }

  hint(): void {
    for (const { onDue } of this.#listeners) onDue();
  }

  /** Another sidecar came or went. */
  hintWorkers(): void {
    for (const { onWorkers } of this.#listeners) onWorkers();
  }
}
