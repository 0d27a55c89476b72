/**
 * One request and the start of its answer, on undici's own callbacks: the streams of its `request` cost as much
 * processor time as all else that we do for a delivery.
 */
import type { Dispatcher, Pool } from "undici";
import type { Deadline } from "./http_sender_deadline.ts";
import { answerBytesMax } from "./response_start.ts";

export interface Exchange {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most 64 KiB; less when the answer broke off or the deadline came. */
  readonly start: Buffer;
}

/**
 * Resolves once the answer has ended, however it ended: a body that breaks off or outlasts the deadline must not turn a
 * delivery that was taken into one that is sent again, nor a refusal into retries. The status has said what the receiver
 * decided. Rejects when there is no status.
 */
export function exchangeOnce(
  pool: Pool,
  options: Omit<Dispatcher.DispatchOptions, "origin">,
  deadline: Deadline,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(resolve, reject);
    deadline.onEnd(() => reader.giveUp());
    if (deadline.endedBy === undefined) pool.dispatch(options, reader);
  });
}

class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #resolve: (exchange: Exchange) => void;
  readonly #reject: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #statusCode: number | undefined;
  #headers: Exchange["headers"] = {};
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #isOver = false;

  constructor(resolve: (exchange: Exchange) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** The exchange is over for its caller, now; its connection is dropped. */
  giveUp(): void {
    if (this.#isOver) return;
    const reason = new Error("given up");
    this.#end(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection: nothing may be sent any more.
    if (this.#isOver) controller.abort(new Error("given up"));
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: Exchange["headers"]): void {
    if (statusCode < 200) return;
    this.#statusCode = statusCode;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= answerBytesMax) return;
    this.#end(undefined);
    controller.abort(new Error("the answer is too long"));
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#end(error);
  }

  #end(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#statusCode === undefined) {
      this.#reject(error ?? new Error("the answer ended before it began"));
      return;
    }
    const start = Buffer.concat(this.#chunks, Math.min(this.#size, answerBytesMax));
    this.#resolve({ statusCode: this.#statusCode, headers: this.#headers, start });
  }
}
