/** The endpoints of this process, each with its queue and the consumers of its lanes. */
import type { EndpointQueue } from "./dispatch_endpoint.ts";
import type { LaneConsumption } from "./dispatch_lanes.ts";
import { untilAborted } from "./until_aborted.ts";

export interface OpenEndpoint {
  readonly queue: EndpointQueue;
  readonly consumption: LaneConsumption;
}

export class OpenEndpoints {
  readonly #open: (endpointId: number) => OpenEndpoint;
  /** Never removed: one that left the list may come back while its lanes still close. */
  readonly #byId = new Map<number, OpenEndpoint>();

  constructor(open: (endpointId: number) => OpenEndpoint) {
    this.#open = open;
  }

  get ids(): Iterable<number> {
    return this.#byId.keys();
  }

  get queues(): readonly EndpointQueue[] {
    return [...this.#byId.values()].map(({ queue }) => queue);
  }

  find(endpointId: number): EndpointQueue | undefined {
    return this.#byId.get(endpointId)?.queue;
  }

  findOrOpen(endpointId: number): OpenEndpoint {
    const known = this.#byId.get(endpointId);
    if (known) return known;
    const opened = this.#open(endpointId);
    this.#byId.set(endpointId, opened);
    return opened;
  }

  /** Closes the lanes of each, after what was started there is settled; the signal ends the waiting. */
  async close(signal: AbortSignal): Promise<void> {
    const open = [...this.#byId.values()];
    await untilAborted(Promise.all(open.map(({ queue }) => queue.whenQuiet())), signal);
    for (const { consumption } of open) consumption.want(0);
    await untilAborted(Promise.all(open.map(({ consumption }) => consumption.whenDone())), signal);
  }
}
