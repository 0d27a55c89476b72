import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

/** Passwords of one stack, made with its data, readable by this user only. */
export interface StackSecrets {
  readonly postgresPassword: string;
  readonly amqpPassword: string;
  readonly erlangCookie: string;
}

/** `postgresPassword` comes with the copied cluster. */
export function createSecrets(file: string, postgresPassword: string): void {
  const secret = () => randomBytes(18).toString("hex");
  const secrets: StackSecrets = { postgresPassword, amqpPassword: secret(), erlangCookie: secret() };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
}

export function readSecrets(file: string): StackSecrets {
  return JSON.parse(readFileSync(file, "utf8")) as StackSecrets;
}
