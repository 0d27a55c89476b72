/**
 * Says which failure class an error of Node's network stack or of undici belongs to.
 * Codes are those of getaddrinfo, libuv, OpenSSL as Node names them, and undici's UND_ERR_*.
 */
import type { FailureClass } from "./delivery.ts";

const classByCode: Readonly<Record<string, FailureClass>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  ENODATA: "dns",
  ESERVFAIL: "dns",
  ETIMEOUT: "dns",
  ECONNREFUSED: "connect",
  EHOSTUNREACH: "connect",
  ENETUNREACH: "connect",
  EHOSTDOWN: "connect",
  ENETDOWN: "connect",
  EADDRNOTAVAIL: "connect",
  EACCES: "connect",
  EPERM: "connect",
  EMFILE: "connect",
  ENFILE: "connect",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  ETIMEDOUT: "timeout",
  TimeoutError: "timeout",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "reset",
  UND_ERR_CLOSED: "reset",
  UND_ERR_DESTROYED: "reset",
  UND_ERR_ABORTED: "reset",
  UND_ERR_INVALID_ARG: "configuration",
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: "configuration",
  ERR_INVALID_URL: "configuration",
  ERR_INVALID_CHAR: "configuration",
  IM_ADDRESS_REFUSED: "address_refused",
  IM_CERTIFICATE_INVALID: "configuration",
  DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  SELF_SIGNED_CERT_IN_CHAIN: "tls",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "tls",
  UNABLE_TO_GET_ISSUER_CERT: "tls",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "tls",
  HOSTNAME_MISMATCH: "tls",
  INVALID_PURPOSE: "tls",
  INVALID_CA: "tls",
  PATH_LENGTH_EXCEEDED: "tls",
  EPROTO: "tls",
};

/** Families of codes, for those with many members. HPE_*: the answer was not HTTP. */
const classByPrefix: readonly (readonly [prefix: string, failureClass: FailureClass])[] = [
  ["CERT_", "tls"],
  ["ERR_TLS_", "tls"],
  ["ERR_SSL_", "tls"],
  ["CRL_", "tls"],
  ["HPE_", "reset"],
];

/** Deepest chain of causes that is looked at: errors may refer to each other in a circle. */
const depthMax = 8;

/**
 * Classifies by the outermost known code, then by causes and the members of an AggregateError (which is what
 * a connection attempt to several addresses ends with). Unknown errors count as `reset`: retried, never lost.
 */
export function classifyNetworkError(error: unknown): FailureClass {
  const code = findNetworkCode(error);
  return (code === undefined ? undefined : classifyCode(code)) ?? "reset";
}

/** The code that decides about the class; undefined when there is none we know. */
export function findNetworkCode(error: unknown): string | undefined {
  return findCode(error, 0);
}

function findCode(error: unknown, depth: number): string | undefined {
  if (depth >= depthMax || !(error instanceof Error)) {
    return undefined;
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  if (classifyCode(code)) {
    return code;
  }
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  for (const candidate of [error.cause, ...inner]) {
    const found = findCode(candidate, depth + 1);
    if (found) {
      return found;
    }
  }
  return undefined;
}

function classifyCode(code: string): FailureClass | undefined {
  return classByCode[code] ?? classByPrefix.find(([prefix]) => code.startsWith(prefix))?.[1];
}
