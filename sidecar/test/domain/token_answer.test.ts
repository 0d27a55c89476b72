import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hideToken, readTokenAnswer } from "../../src/domain/token_answer.ts";

const grant = (shown: object) => JSON.stringify({ access_token: "abc", token_type: "Bearer", ...shown });

describe("the life of a token", () => {
  it.each([
    [{ expires_in: 3600 }, 3600],
    [{ expires_in: "1800" }, 1800],
    [{}, 300],
    [{ expires_in: null }, 300],
    [{ expires_in: "soon" }, 300],
    [{ expires_in: -5 }, 0],
    [{ expires_in: 1e12 }, 86_400],
  ])("granted with %j is %i s", (shown, lifetimeS) => {
    expect(readTokenAnswer(200, grant(shown))).toEqual({ kind: "granted", token: "abc", lifetimeS });
  });
});

describe("any other answer", () => {
  it("is a refusal and never quoted", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.string({ minLength: 12 }), (status, canary) => {
        const text = JSON.stringify({ error: canary, error_description: canary });
        const answer = readTokenAnswer(status, text);
        expect(answer.kind).toBe("refused");
        expect(JSON.stringify(answer)).not.toContain(JSON.stringify(canary).slice(1, -1));
      }),
    );
  });

  it.each(["null", "[]", "7", '"x"', "", "{"])("of %j is no grant", (text) => {
    expect(readTokenAnswer(200, text)).toMatchObject({ kind: "refused", failureClass: "auth" });
  });
});

describe("a token in an excerpt", () => {
  it.each([
    ["nothing here", "nothing here"],
    ["a secret-token-1234 b secret-token-1234", "a [access token] b [access token]"],
    ["cut: secret-token-1", "cut: [access token]"],
    ["cut: secre", "cut: secre"],
  ])("%j becomes %j", (excerpt, hidden) => {
    expect(hideToken(excerpt, "secret-token-1234")).toBe(hidden);
  });
});
