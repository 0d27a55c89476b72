import { describe, expect, it } from "vitest";
import { classifyNetworkError } from "../../src/domain/network_error.ts";

function errorWith(code: string, options: ErrorOptions = {}): Error {
  return Object.assign(new Error("a fault", options), { code });
}

describe("classifyNetworkError", () => {
  it.each([
    ["ENOTFOUND", "dns"],
    ["EAI_AGAIN", "dns"],
    ["ECONNREFUSED", "connect"],
    ["EHOSTUNREACH", "connect"],
    ["ENETUNREACH", "connect"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout"],
    ["ETIMEDOUT", "timeout"],
    ["ECONNRESET", "reset"],
    ["EPIPE", "reset"],
    ["UND_ERR_SOCKET", "reset"],
    ["HPE_INVALID_CONSTANT", "reset"],
    ["CERT_HAS_EXPIRED", "tls"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
    ["EPROTO", "tls"],
    ["IM_ADDRESS_REFUSED", "address_refused"],
    ["ERR_INVALID_URL", "configuration"],
    ["UND_ERR_INVALID_ARG", "configuration"],
  ])("knows %s as %s", (code, failureClass) => {
    expect(classifyNetworkError(errorWith(code))).toBe(failureClass);
  });

  it("looks through causes when the outer error says nothing", () => {
    const error = new TypeError("fetch failed", { cause: errorWith("ENOTFOUND") });
    expect(classifyNetworkError(error)).toBe("dns");
  });

  it("looks into the attempts of several addresses", () => {
    const error = new AggregateError([new Error("odd"), errorWith("ECONNREFUSED")]);
    expect(classifyNetworkError(error)).toBe("connect");
  });

  it("ends on errors that are each other's cause", () => {
    const error = new Error("one");
    error.cause = new Error("two", { cause: error });
    expect(classifyNetworkError(error)).toBe("reset");
  });

  it.each([undefined, null, "text", 7, new Error("unheard of")])(
    "counts %s as a reset, which is retried",
    (error) => {
      expect(classifyNetworkError(error)).toBe("reset");
    },
  );
});
