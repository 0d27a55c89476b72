import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyFault, classifyStatus } from "../../src/domain/classification.ts";
import { describeFailure, findOwnWords } from "../../src/domain/failure_text.ts";

function describeAnswer(statusCode: number, excerpt: string): string {
  const answer = { kind: "answered", statusCode, retryAfter: undefined, excerpt } as const;
  return describeFailure(classifyStatus(statusCode), answer);
}

describe("describeFailure", () => {
  it("quotes the endpoint's own words", () => {
    expect(describeAnswer(422, "VAT id missing")).toBe(
      'The endpoint refused the data (HTTP 422): "VAT id missing"',
    );
  });

  it("goes without a quote when the endpoint said nothing", () => {
    expect(describeAnswer(500, "")).toBe("The endpoint had an internal error (HTTP 500)");
  });

  it("adds the network's words when no answer came", () => {
    const answer = {
      kind: "broken",
      failureClass: "timeout",
      error: "no complete answer within 15 s",
    } as const;
    expect(describeFailure(classifyFault("timeout"), answer)).toBe(
      "The endpoint did not answer in time: no complete answer within 15 s",
    );
  });

  it("is bounded whatever the endpoint says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (excerpt) => {
        expect(describeAnswer(422, excerpt).length).toBeLessThanOrEqual(360);
      }),
    );
  });
});

describe("findOwnWords", () => {
  it.each([
    [
      "problem document",
      '{"type":"about:blank","title":"Invalid","detail":"VAT id missing"}',
      "Invalid: VAT id missing",
    ],
    ["problem document with title only", '{"title":"Invalid"}', "Invalid"],
    ["message", '{"code":7,"message":"VAT id missing"}', "VAT id missing"],
    ["nested error", '{"error":{"message":"VAT id missing"}}', "VAT id missing"],
    ["OAuth error", '{"error":"invalid_token","error_description":"Token expired"}', "Token expired"],
    ["JSON without words", '{"ok":false}', '{"ok":false}'],
    ["JSON cut off", '{"title":"Inva', '{"title":"Inva'],
    ["JSON that is no object", '["a"]', '["a"]'],
    ["text of several lines", "VAT id missing\nat line 3", "VAT id missing"],
    ["web page", "<!DOCTYPE html>\n<html><title>502 Bad\n Gateway</title>…", "502 Bad Gateway"],
    ["web page without title", "<html><body>x", ""],
    ["nothing", " \n ", ""],
  ])("reads a %s", (_, excerpt, expected) => {
    expect(findOwnWords(excerpt)).toBe(expected);
  });
});
