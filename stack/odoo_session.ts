/**
 * What a caller knows after a call: the transaction was committed, it was refused and rolled back, or the connection
 * broke and nobody can say. The last one has to be looked up in the database, as any client would.
 */
export type CallResult<T> =
  | { readonly kind: "committed"; readonly value: T }
  | { readonly kind: "refused"; readonly error: string }
  | { readonly kind: "unknown"; readonly error: string };

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: {
    readonly message?: string;
    readonly data?: { readonly name: string; readonly message: string };
  };
}

const callDeadlineMs = 60_000;
/** For a server that was killed, with its database perhaps, to serve again. */
const logInDeadlineMs = 120_000;
const retryMs = 300;
/** Errors that Odoo raises before or instead of the commit. Any other may have come from the commit itself. */
const certainErrors =
  /^odoo\.|^(builtins\.)?(ValueError|TypeError|KeyError)$|IntegrityError|Violation|SerializationFailure/;

/** One person at work: a session with its cookie. */
export class OdooSession {
  readonly #url: string;
  readonly #database: string;
  readonly #login: string;
  #cookie = "";

  constructor(url: string, database: string, login: string) {
    this.#url = url;
    this.#database = database;
    this.#login = login;
  }

  /** Calls a public method. Never throws for what Odoo or the network does. */
  async call<T>(
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs: object,
    signal: AbortSignal,
  ): Promise<CallResult<T>> {
    await this.#waitUntilReachable(signal);
    if (this.#cookie === "") await this.#logIn(signal);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(callDeadlineMs)]);
    try {
      const params = { model, method, args, kwargs };
      const answer = await this.#post(`/web/dataset/call_kw/${model}/${method}`, params, limit);
      if (!answer.error) return { kind: "committed", value: answer.result as T };
      const name = answer.error.data?.name ?? "";
      if (name.includes("SessionExpired")) this.#cookie = "";
      const error = `${name}: ${answer.error.data?.message ?? answer.error.message}`;
      return { kind: certainErrors.test(name) ? "refused" : "unknown", error };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "unknown", error: String(error) };
    }
  }

  /** Reads, trying again until the server answers. Throws when it refuses. */
  async read<T>(
    model: string,
    method: string,
    args: readonly unknown[],
    kwargs: object,
    signal: AbortSignal,
  ): Promise<T> {
    const startedAt = performance.now();
    for (;;) {
      const result = await this.call<T>(model, method, args, kwargs, signal);
      if (result.kind === "committed") return result.value;
      const isExpired = result.error.includes("SessionExpired");
      if (result.kind === "refused" && !isExpired) throw new Error(`${model}.${method}: ${result.error}`);
      if (performance.now() - startedAt > logInDeadlineMs)
        throw new Error(`${model}.${method}: ${result.error}`);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  /** Nobody begins work on a screen that does not load. What is refused here was never sent. */
  async #waitUntilReachable(signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(callDeadlineMs)]);
        const response = await fetch(`${this.#url}/web/health?db_server_status=1`, { signal: limit });
        await response.text();
        if (response.ok) return;
        throw new Error(`Odoo answered ${response.status}`);
      } catch (error) {
        signal.throwIfAborted();
        if (performance.now() - startedAt > logInDeadlineMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  async #logIn(signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      try {
        const params = { db: this.#database, login: this.#login, password: this.#login };
        const answer = await this.#post("/web/session/authenticate", params, signal);
        if (answer.error) throw new Error(answer.error.data?.message ?? answer.error.message);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (performance.now() - startedAt > logInDeadlineMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  async #post(path: string, params: object, signal: AbortSignal): Promise<RpcAnswer> {
    const response = await fetch(this.#url + path, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: this.#cookie },
      body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
      signal,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith("session_id="));
    if (cookie) this.#cookie = cookie.split(";", 1)[0] ?? "";
    return JSON.parse(text) as RpcAnswer;
  }
}
