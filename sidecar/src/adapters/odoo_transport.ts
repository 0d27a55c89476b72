/** One call into `integration.sidecar`, whatever the protocol. */
export interface OdooTransport {
  readonly name: "json2" | "xmlrpc";
  /**
   * @param method public name of the method, e.g. "claim"
   * @param named arguments by name; no nulls anywhere
   * @throws OdooUnavailable or OdooRefused, with a short text and never a traceback
   */
  call(method: string, named: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): Promise<void>;
}

export interface OdooAccess {
  /** Origin of the server. */
  readonly url: URL;
  readonly database: string;
  readonly login: string;
  readonly apiKey: string;
  /** Bounds one call from connect to the last byte. */
  readonly callTimeoutMs: number;
}

export const sidecarModel = "integration.sidecar";

/** More than the largest batch; an answer beyond it is not ours. */
export const answerBytesMax = 256 * 1024 * 1024;

/** First line, cut: Odoo's texts may be long, and a traceback's first line says nothing secret. */
export function shortText(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
