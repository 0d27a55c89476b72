import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRetryAfterS } from "../../src/domain/retry_after.ts";

const now = new Date("1994-11-06T08:49:00.000Z");

describe("readRetryAfterS", () => {
  it.each([
    ["120", 120],
    [" 120 ", 120],
    ["0", 0],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 37],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 37],
    ["Sun Nov  6 08:49:37 1994", 37],
    ["Wed Nov 16 08:49:00 1994", 864_000],
  ])("reads %j as %d s", (header, expected) => {
    expect(readRetryAfterS(header, now)).toBe(expected);
  });

  it.each([
    undefined,
    "",
    "soon",
    "-1",
    "+5",
    "1e3",
    "12.5",
    "0x10",
    "Sun, 06 Nov 1994 08:48:59 GMT",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 +0100",
    "Sun, 99 Nov 1994 08:49:37 GMT",
    "1994-11-06T08:49:37Z",
  ])("ignores %j", (header) => {
    const read = readRetryAfterS(header, now);
    expect(read).toBeUndefined();
  });

  it("never gives a negative or unbounded wait, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const read = readRetryAfterS(header, now);
        expect(read === undefined || (Number.isFinite(read) && read >= 0)).toBe(true);
      }),
    );
  });
});
