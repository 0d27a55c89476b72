/**
 * One connection that comes back by itself, forever. amqplib's own recovery restores connections but not
 * channels that died alone (a refused declaration, a double ack), so both levels are watched here:
 * this file reopens the connection, `managed_channel.ts` whatever lives on it.
 *
 *   closed ──connect──> open ──lost──> closed (wait, connect again) … until close()
 */
import { type ChannelModel, connect } from "amqplib";
import { backoffMs, brokerBackoffMaxMs } from "../../domain/backoff.ts";
import type { Clock } from "../../ports/clock.ts";
import { describeError, type LogPort } from "../../ports/log.ts";

const connectTimeoutMs = 10_000;
const heartbeatS = 10;

export interface ConnectionOptions {
  readonly url: string;
  /** Shown in the broker's management screens. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: LogPort;
}

export class BrokerConnection {
  readonly #options: ConnectionOptions;
  readonly #stopped = new AbortController();
  #model: ChannelModel | undefined;
  #blockedReason: string | undefined;
  #opened = Promise.withResolvers<ChannelModel>();
  #run: Promise<void> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#run ??= this.#keepOpen();
  }

  /** The open connection, if there is one. */
  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** Why the broker takes no messages now (disk or memory alarm), if it says so. */
  get blockedReason(): string | undefined {
    return this.#blockedReason;
  }

  /** Resolves when the connection is open; undefined when the signal aborts first. */
  async whenOpen(signal: AbortSignal): Promise<ChannelModel | undefined> {
    if (this.#model !== undefined || signal.aborted) return this.#model;
    const aborted = Promise.withResolvers<undefined>();
    const onAbort = () => aborted.resolve(undefined);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([this.#opened.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#model?.close().catch(() => {});
    await this.#run;
  }

  async #keepOpen(): Promise<void> {
    const { name, clock, log } = this.#options;
    for (let failureCount = 0; !this.#stopped.signal.aborted; ) {
      try {
        const model = await connect(withHeartbeat(this.#options.url), {
          noDelay: true,
          timeout: connectTimeoutMs,
          clientProperties: { connection_name: name },
        });
        failureCount = 0;
        log.info("broker.connected", { connection: name });
        const reason = await this.#hold(model);
        if (!this.#stopped.signal.aborted) log.warn("broker.lost", { connection: name, reason });
      } catch (error) {
        log.warn("broker.connect_failed", { connection: name, reason: describeError(error) });
      }
      failureCount += 1;
      await clock.sleep(backoffMs(failureCount, clock.random(), brokerBackoffMaxMs), this.#stopped.signal);
    }
  }

  /** Publishes the open connection until it closes; returns why it closed. */
  async #hold(model: ChannelModel): Promise<string> {
    const closed = Promise.withResolvers<string>();
    let reason = "closed";
    model.on("error", (error) => {
      reason = describeError(error);
    });
    model.on("handler-error", (error) =>
      this.#options.log.error("broker.listener_failed", { reason: describeError(error) }),
    );
    model.on("close", () => closed.resolve(reason));
    model.on("blocked", (why) => {
      this.#blockedReason = why;
      this.#options.log.warn("broker.blocked", { reason: why });
    });
    model.on("unblocked", () => {
      this.#blockedReason = undefined;
      this.#options.log.info("broker.unblocked");
    });
    if (this.#stopped.signal.aborted) {
      await model.close().catch(() => {});
      return reason;
    }
    this.#model = model;
    this.#opened.resolve(model);
    await closed.promise;
    this.#model = undefined;
    this.#blockedReason = undefined;
    this.#opened = Promise.withResolvers();
    return reason;
  }
}

function withHeartbeat(amqpUrl: string): string {
  const url = new URL(amqpUrl);
  if (!url.searchParams.has("heartbeat")) url.searchParams.set("heartbeat", String(heartbeatS));
  return url.href;
}
