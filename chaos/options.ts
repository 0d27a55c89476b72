import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { messageOf, SetupFailure } from "../stack/failure.ts";

export interface ChaosOptions {
  /** How long people work and services are killed; waiting for quiet and the audit come on top. */
  readonly minutes: number;
  readonly seed: number;
  readonly isKeeping: boolean;
}

const minutesDefault = 10;
const minutesMin = 1;
const minutesMax = 120;
const seedMax = 2 ** 32;

/** Throws SetupFailure naming the option that is wrong. */
export function parseChaosOptions(args: readonly string[]): ChaosOptions {
  const values = parse(args);
  return {
    minutes: readNumber("minutes", values.minutes, minutesDefault, minutesMin, minutesMax),
    seed: Math.trunc(readNumber("seed", values.seed, chooseSeed(), 0, seedMax - 1)),
    isKeeping: values.keep === true,
  };
}

function chooseSeed(): number {
  return randomInt(seedMax);
}

function readNumber(name: string, text: string | undefined, missing: number, min: number, max: number) {
  if (text === undefined) return missing;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= min && value <= max) return value;
  throw new SetupFailure(`--${name} must be a number from ${min} to ${max}, got "${text}".`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { minutes: { type: "string" }, seed: { type: "string" }, keep: { type: "boolean" } },
      strict: true,
    }).values;
  } catch (error) {
    throw new SetupFailure(`${messageOf(error)}\nAll options: npm run chaos -- --help`);
  }
}
