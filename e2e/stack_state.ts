import { readFileSync } from "node:fs";

export interface Login {
  readonly login: string;
  readonly password: string;
  readonly role: string;
}

/** The machine-readable table that the stack writes when it is up. */
export interface StackState {
  readonly odoo_url: string;
  readonly database: string;
  readonly logins: readonly Login[];
  readonly sidecar_url: string;
  readonly amqp_url: string;
  readonly receiver_url: string;
  readonly postgres_dsn: string;
  /** Only when the stack was started with service control. */
  readonly control_url?: string;
}

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
