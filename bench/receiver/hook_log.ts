/** What one hook has heard. Instants in ms since 1970 with fractions, comparable between processes of one machine. */
export interface Arrival {
  readonly webhookId: string;
  readonly at: number;
}

export interface HookCount {
  readonly requests: number;
  /** Different webhook-ids. */
  readonly deliveries: number;
  /** Requests answered with 2xx while the sender was still there. */
  readonly accepted: number;
}

/** How a hook answers from now on. */
export interface Behaviour {
  /** Before the answer. */
  readonly latencyMs: number;
  /** Never answers. */
  readonly isHanging: boolean;
  readonly status: number;
}

export const promptly: Behaviour = { latencyMs: 0, isHanging: false, status: 204 };

export class HookLog {
  behaviour = promptly;
  acceptedCount = 0;
  readonly #ids: string[] = [];
  readonly #instants: number[] = [];
  readonly #distinct = new Set<string>();

  note(webhookId: string, at: number): void {
    this.#ids.push(webhookId);
    this.#instants.push(at);
    this.#distinct.add(webhookId);
  }

  get count(): HookCount {
    return { requests: this.#ids.length, deliveries: this.#distinct.size, accepted: this.acceptedCount };
  }

  get arrivals(): Arrival[] {
    return this.#ids.map((webhookId, index) => ({ webhookId, at: this.#instants[index] ?? 0 }));
  }
}
