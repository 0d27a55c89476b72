import { writeFileSync } from "node:fs";
import { sampleAddon } from "./addon_sources.ts";
import type { Stack } from "./stack.ts";

export interface Login {
  readonly login: string;
  readonly password: string;
  readonly role: string;
}

/** What `.stack/state.json` says; its names are public. */
export interface StackState {
  readonly odoo_url: string;
  readonly database: string;
  readonly logins: readonly Login[];
  readonly sidecar_url: string;
  readonly amqp_url: string;
  readonly receiver_url: string;
  readonly postgres_dsn: string;
  readonly logs: string;
  /** POST here /services/<name>/stop or /start; only with service control. */
  readonly control_url?: string;
}

const adminLogin: Login = { login: "admin", password: "admin", role: "Odoo administrator" };
const sampleLogins: readonly Login[] = [
  { login: "accountant", password: "accountant", role: "accountant" },
  { login: "buyer", password: "buyer", role: "buyer" },
  { login: "warehouse", password: "warehouse", role: "warehouse" },
  { login: "sales", password: "sales", role: "salesperson" },
  { login: "integration_admin", password: "integration_admin", role: "integration administrator" },
];

export async function describeStack(
  stack: Stack,
  database: string,
  controlUrl: string | undefined,
  signal: AbortSignal,
): Promise<StackState> {
  const query = `SELECT count(*) FROM ir_module_module WHERE name = '${sampleAddon}' AND state = 'installed'`;
  const hasSample = (await stack.sql(database, query, signal)) === "1";
  return {
    odoo_url: stack.odooUrl,
    database,
    logins: [...(hasSample ? sampleLogins : []), adminLogin],
    sidecar_url: stack.sidecarUrl,
    amqp_url: stack.amqpUrl,
    receiver_url: stack.receiverUrl,
    postgres_dsn: stack.postgresDsn(database),
    logs: stack.paths.logs,
    ...(controlUrl ? { control_url: controlUrl } : {}),
  };
}

/** Holds passwords, so only this user may read it. */
export function writeState(file: string, state: StackState): void {
  writeFileSync(file, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

/** The short table a person reads when the stack is up. */
export function renderState(state: StackState, stateFile: string): string {
  const rows: [string, string][] = [
    ["Odoo", state.odoo_url],
    ["Sample receiver", state.receiver_url],
    ["Sidecar", `${state.sidecar_url}  (/healthz, /readyz, /metrics)`],
    ["Log in as", state.logins.map(({ login }) => login).join(", ")],
    ["", "each password is the login"],
    ["Logs", state.logs],
    ["All addresses", stateFile],
  ];
  if (state.control_url) rows.push(["Service control", state.control_url]);
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join("\n");
}
