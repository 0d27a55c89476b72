/**
 * Words a failure for the person who has to act: our sentence, then the endpoint's own words.
 * Example: `The endpoint refused the data (HTTP 422): "VAT id missing"`.
 */
import { nameReply, readReplyWords } from "./broker_reply.ts";
import type { Judgement } from "./classification.ts";
import type { Answer } from "./delivery.ts";
import { cutText } from "./response_excerpt.ts";

/** Most characters taken from what the endpoint or the network said. */
const quoteCharsMax = 300;
/** JSON members that hold a text for people, when it is no problem document (RFC 9457). */
const messageMembers = ["message", "error_description", "error", "detail"];

export function describeFailure(judgement: Judgement, answer: Answer): string {
  if (answer.kind === "broken") {
    const cause = cutText(answer.error.trim(), quoteCharsMax);
    return cause === "" ? judgement.reason : `${judgement.reason}: ${cause}`;
  }
  const isReply = answer.kind === "replied";
  const source = isReply ? nameReply(answer.reply) : `HTTP ${answer.statusCode}`;
  const statement = `${judgement.reason} (${source})`;
  const ownWords = isReply ? collapse(readReplyWords(answer.reply)) : findOwnWords(answer.excerpt);
  const quote = cutText(ownWords, quoteCharsMax);
  return quote === "" ? statement : `${statement}: "${quote}"`;
}

/** The most telling line of an answer's body; empty when it holds nothing for people. */
export function findOwnWords(excerpt: string): string {
  const text = excerpt.trim();
  if (text.startsWith("<")) {
    // A page for browsers: its first line is markup, its title is what a person would have seen.
    return collapse(/<title[^>]*>([^<]*)</i.exec(text)?.[1] ?? "");
  }
  if (text.startsWith("{")) {
    const words = readJsonWords(text);
    if (words !== undefined) {
      return collapse(words);
    }
  }
  return collapse(text.split("\n", 1)[0] ?? "");
}

/** Undefined when the text is no JSON object (it may be cut off) or has no member meant for people. */
function readJsonWords(text: string): string | undefined {
  const body = parseObject(text);
  if (!body) {
    return undefined;
  }
  const title = readText(body.title);
  const detail = readText(body.detail);
  if (title !== undefined) {
    return detail === undefined ? title : `${title}: ${detail}`;
  }
  for (const member of messageMembers) {
    const value = body[member];
    const found = readText(value) ?? (isObject(value) ? readText(value.message) : undefined);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    // Not JSON after all, or cut off: the caller shows the first line instead.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
