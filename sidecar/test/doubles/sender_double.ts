import type { Answer, Endpoint } from "../../src/domain/delivery.ts";
import type { SenderPort } from "../../src/ports/sender.ts";

export interface PostedRequest {
  readonly endpoint: Endpoint;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the request with this answer; without effect on one that has ended. */
  readonly answer: (answer: Answer) => void;
}

export const accepted: Answer = { kind: "answered", statusCode: 200, retryAfter: undefined, excerpt: "ok" };

/** A sender in memory. Requests stay open until the test answers them, or are answered at once by `answerAll`. */
export class SenderDouble implements SenderPort {
  readonly posts: PostedRequest[] = [];
  /** The ids of every call of `keepOnly`. */
  readonly kept: ReadonlySet<number>[] = [];
  openCount = 0;
  /** Most requests that were ever open at once. */
  openMax = 0;
  #standingAnswer: Answer | undefined;

  /** From now on every request gets this answer at once. */
  answerAll(answer: Answer = accepted): void {
    this.#standingAnswer = answer;
  }

  post(
    endpoint: Endpoint,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<Answer> {
    this.openCount += 1;
    this.openMax = Math.max(this.openMax, this.openCount);
    return new Promise((resolve) => {
      let isOpen = true;
      const end = (answer: Answer) => {
        if (isOpen) {
          isOpen = false;
          this.openCount -= 1;
          resolve(answer);
        }
      };
      const stop = () => end({ kind: "broken", failureClass: "reset", error: "stopped by the caller" });
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener("abort", stop, { once: true });
      this.posts.push({ endpoint, headers, body: body.toString(), answer: end });
      if (this.#standingAnswer) {
        end(this.#standingAnswer);
      }
    });
  }

  keepOnly(endpointIds: ReadonlySet<number>): Promise<void> {
    this.kept.push(endpointIds);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.keepOnly(new Set());
  }
}
