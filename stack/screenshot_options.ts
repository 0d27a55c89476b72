import { parseArgs } from "node:util";
import { pictures } from "../e2e/pictures.ts";
import { messageOf, SetupFailure } from "./failure.ts";

export interface ScreenshotOptions {
  /** Stories to run; none: all of them. */
  readonly files: readonly string[];
  readonly isDark: boolean;
  /** Whether the pictures go into docs/images. */
  readonly isForDocs: boolean;
}

/** Throws SetupFailure naming the option that is wrong. */
export function parseScreenshotOptions(args: readonly string[]): ScreenshotOptions {
  const { values, positionals } = parse(args);
  const isDark = values.dark === true;
  const isForDocs = !isDark && !values.all && positionals.length === 0;
  const shownInDocs = [...new Set(Object.values(pictures))];
  return { files: values.all ? [] : positionals.length > 0 ? positionals : shownInDocs, isDark, isForDocs };
}

function parse(args: readonly string[]) {
  const options = { all: { type: "boolean" }, dark: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new SetupFailure(
      `${messageOf(error)}\nOptions: names of stories such as overview.spec.ts, --all, --dark`,
    );
  }
}
