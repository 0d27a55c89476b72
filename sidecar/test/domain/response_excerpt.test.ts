import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildExcerpt, cutText, excerptCharsMax } from "../../src/domain/response_excerpt.ts";

describe("buildExcerpt", () => {
  it("keeps text, tabs and line feeds", () => {
    expect(buildExcerpt(Buffer.from("Umsatzsteuer-Nr. fehlt: Müller\tGmbH\n€ 😀"))).toBe(
      "Umsatzsteuer-Nr. fehlt: Müller\tGmbH\n€ 😀",
    );
  });

  it("drops control characters", () => {
    expect(buildExcerpt(Buffer.from("\uFEFFa\u0000b\u001b[31mc\r\n\u0085d\u007f"))).toBe("ab[31mc\nd");
  });

  it("replaces bytes that are no UTF-8", () => {
    expect(buildExcerpt(Buffer.from([0x61, 0xff, 0x62]))).toBe("a\ufffdb");
  });

  it("is bounded, well formed and free of controls for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000, size: "max" }), (bytes) => {
        const excerpt = buildExcerpt(bytes);
        expect(excerpt.length).toBeLessThanOrEqual(excerptCharsMax);
        expect(Buffer.from(excerpt).toString()).toBe(excerpt);
        expect(excerpt).not.toMatch(/[^\P{Cc}\t\n]/u);
      }),
    );
  });
});

describe("cutText", () => {
  it("shows that something is missing", () => {
    expect(cutText("abcdef", 4)).toBe("abc…");
    expect(cutText("abcd", 4)).toBe("abcd");
  });

  it("never splits a surrogate pair", () => {
    expect(cutText("a😀😀", 3)).toBe("a…");
  });
});
