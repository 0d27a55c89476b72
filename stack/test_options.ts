import { parseArgs } from "node:util";
import { messageOf, SetupFailure } from "./failure.ts";

export const phases = ["lint", "vitest", "odoo", "e2e", "chaos"] as const;
export type Phase = (typeof phases)[number];

export interface TestOptions {
  readonly phases: ReadonlySet<Phase>;
  /** Odoo's --test-tags; undefined means all tests of all our addons. */
  readonly odooTags: string | undefined;
  readonly isKeeping: boolean;
}

/** Throws SetupFailure naming the option that is wrong. */
export function parseTestOptions(args: readonly string[]): TestOptions {
  const values = parse(args);
  const only = values.only ?? [];
  const unknown = only.find((name) => !isPhase(name));
  if (unknown) throw new SetupFailure(`--only must be one of ${phases.join(", ")}, got "${unknown}".`);
  return {
    phases: new Set(only.length > 0 ? only.filter(isPhase) : phases),
    odooTags: values["odoo-tags"],
    isKeeping: values.keep === true,
  };
}

function isPhase(name: string): name is Phase {
  return phases.some((phase) => phase === name);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true },
        "odoo-tags": { type: "string" },
        keep: { type: "boolean" },
      },
      strict: true,
    }).values;
  } catch (error) {
    throw new SetupFailure(
      `${messageOf(error)}\nOptions: --only=${phases.join("|")} (may be repeated), --odoo-tags=<test tags>, --keep`,
    );
  }
}
