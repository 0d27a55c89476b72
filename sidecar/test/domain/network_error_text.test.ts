import { expect, it } from "vitest";
import { describeNetworkError } from "../../src/domain/network_error_text.ts";

const fault = (code: string, message = "low-level text\nsecond line") =>
  Object.assign(new Error(message), { code });

it.each([
  ["CERT_HAS_EXPIRED", "its certificate has expired (CERT_HAS_EXPIRED)"],
  [
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "it does not speak TLS at this address and port (ERR_SSL_WRONG_VERSION_NUMBER)",
  ],
  ["ERR_SSL_SOMETHING_NEW", "low-level text"],
  ["ECONNREFUSED", "low-level text"],
  ["UNKNOWN", "low-level text"],
])("a fault with code %s is told as %j", (code, text) => {
  expect(describeNetworkError(fault(code))).toBe(text);
});

it("finds the words of a fault inside others", () => {
  const outer = new AggregateError([new Error("wrapped", { cause: fault("CERT_HAS_EXPIRED") })], "");
  expect(describeNetworkError(outer)).toMatch(/^its certificate has expired/);
});

it("takes the first of several errors that have no words of their own", () => {
  expect(describeNetworkError(new AggregateError([fault("ECONNREFUSED")], ""))).toBe("low-level text");
});
