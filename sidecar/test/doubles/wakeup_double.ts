import type { WakeUpPort } from "../../src/ports/odoo.ts";

/** Hints when the test says so. */
export class WakeUpDouble implements WakeUpPort {
  readonly channels: string[] = [];
  readonly #listeners = new Set<() => void>();

  listen(channel: string, onWake: () => void, signal: AbortSignal): void {
    this.channels.push(channel);
    this.#listeners.add(onWake);
    signal.addEventListener("abort", () => this.#listeners.delete(onWake), { once: true });
  }

  hint(): void {
    for (const onWake of this.#listeners) onWake();
  }
}
