import type { CallResult, OdooSession } from "../../stack/odoo_session.ts";

/** One business transaction as its caller knows it. */
export interface BusinessCall {
  /** Unique; the records it makes carry it in their reference, followed by "/" and a row number. */
  readonly marker: string;
  readonly kind: string;
  /**
   * event: on success its marker must be among the committed changes · silent: it changes what no event tells about
   * · rollback: provoked to fail after writing, so its marker must never be there.
   */
  readonly expects: "event" | "silent" | "rollback";
  readonly outcome: CallResult<unknown>["kind"];
  readonly error: string;
  readonly at: number;
}

export interface CallPlan {
  readonly marker: string;
  readonly kind: string;
  readonly expects: BusinessCall["expects"];
  readonly model: string;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs?: object;
  /** For methods that report a failure in their result, after their savepoint was rolled back. */
  readonly isRefusal?: (value: never) => boolean;
}

/** What the people did, in the order it was answered. */
export class CallBook {
  readonly calls: BusinessCall[] = [];
  #count = 0;
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  newMarker(): string {
    this.#count += 1;
    return `${this.#prefix}${this.#count}`;
  }

  /** Makes the call and notes what came of it; undefined unless it was committed. */
  async make<T>(session: OdooSession, plan: CallPlan, signal: AbortSignal): Promise<T | undefined> {
    const { marker, kind, expects, model, method, args, kwargs = {} } = plan;
    const result = await session.call<T>(model, method, args, kwargs, signal);
    const isRefused = result.kind === "committed" && plan.isRefusal?.(result.value as never) === true;
    this.calls.push({
      marker,
      kind,
      expects,
      outcome: isRefused ? "refused" : result.kind,
      error: result.kind === "committed" ? "" : result.error,
      at: Date.now(),
    });
    return result.kind === "committed" && !isRefused ? result.value : undefined;
  }
}
