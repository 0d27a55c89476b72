import { readFileSync } from "node:fs";
import type { StackState } from "../stack/stack_state.ts";

export function readState(): StackState {
  const path = process.env.E2E_STATE ?? ".stack/state.json";
  try {
    return JSON.parse(readFileSync(path, "utf8")) as StackState;
  } catch (error) {
    throw new Error(
      `E2E_STATE must name the state file of a running stack, "${path}" could not be read ` +
        `(${(error as Error).message}). Run the whole suite with: npm test`,
    );
  }
}

export function passwordOf(login: string): string {
  const found = readState().logins.find((entry) => entry.login === login);
  if (!found) throw new Error(`The stack's state lists no login "${login}"`);
  return found.password;
}
