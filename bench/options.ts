import { parseArgs } from "node:util";
import { messageOf, SetupFailure } from "../stack/failure.ts";

export interface BenchOptions {
  /** Names of measures; empty for all. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Where the table also goes as JSON. */
  readonly jsonFile: string | undefined;
  readonly isKeeping: boolean;
}

const roundsDefault = 5;
const roundsMax = 50;

/** Throws SetupFailure naming the option that is wrong and the measures there are. */
export function parseBenchOptions(args: readonly string[], measureNames: readonly string[]): BenchOptions {
  const { only = [], rounds: text = String(roundsDefault), json, keep = false } = parse(args);
  const chosen = only.flatMap((names) => names.split(","));
  for (const name of chosen) {
    if (!measureNames.includes(name)) {
      throw new SetupFailure(`--only must name measures out of ${measureNames.join(", ")}; got "${name}".`);
    }
  }
  const rounds = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (rounds < 1 || rounds > roundsMax) {
    throw new SetupFailure(`--rounds must be a whole number from 1 to ${roundsMax}, got "${text}".`);
  }
  return { only: chosen, rounds, jsonFile: json, isKeeping: keep };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true },
        rounds: { type: "string" },
        json: { type: "string" },
        keep: { type: "boolean" },
      },
      strict: true,
    }).values;
  } catch (error) {
    throw new SetupFailure(`${messageOf(error)}\nAll options: npm run bench -- --help`);
  }
}
