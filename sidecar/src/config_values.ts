/** Kinds of settings. Each says what was expected, what came and what would do; secrets never appear. */
import * as z from "zod";

/** A text; `accepts` decides, `expectation` says what it must be. */
export function textSetting(expectation: string, example: string, accepts: (text: string) => boolean) {
  return z
    .string({
      error: (issue) => `must be ${expectation}, ${describeOther(issue.input)}. Example: ${example}`,
    })
    .refine(accepts, {
      error: (issue) => `must be ${expectation}, got ${showValue(String(issue.input))}. Example: ${example}`,
    });
}

/** Like `textSetting`, for values that hold a secret: the refusal says what is wrong, not what came. */
export function secretSetting(expectation: string, example: string, accepts: (text: string) => boolean) {
  return z
    .string({ error: () => `must be ${expectation}, but is not set. Example: ${example}` })
    .refine(accepts, { error: () => `must be ${expectation}, got something else. Example: ${example}` });
}

export function integerSetting(fallback: number, min: number, max: number) {
  return textSetting(`a whole number from ${min} to ${max}`, String(fallback), (text) => {
    const value = Number(text);
    return /^\d{1,9}$/.test(text) && value >= min && value <= max;
  })
    .default(String(fallback))
    .transform(Number);
}

export function choiceSetting<const Choice extends string>(
  choices: readonly Choice[],
  fallback: NoInfer<Choice>,
) {
  return z
    .enum(choices, {
      error: (issue) =>
        `must be one of ${choices.join(", ")}, got ${JSON.stringify(issue.input)}. Example: ${fallback}`,
    })
    .default(fallback);
}

export const isText = (text: string) => text.trim() === text && text.length > 0;

/** Odoo serves its routes at the root of its origin, so a path would be a mistake. */
export function isHttpOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.hostname !== "" &&
    url.pathname === "/" &&
    url.search === "" &&
    url.username === ""
  );
}

export function isAmqpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && (url.protocol === "amqp:" || url.protocol === "amqps:") && url.hostname !== "";
}

function describeOther(input: unknown): string {
  return input === undefined ? "but is not set" : `got ${JSON.stringify(input)}`;
}

/** Credentials do not belong into a plain URL, but people put them there. */
function showValue(text: string): string {
  return JSON.stringify(text.replace(/^(.*?\/\/)?.*@/s, "$1…@"));
}
