import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

/** Passwords of one stack, made with its data, readable by this user only. */
export interface StackSecrets {
  readonly postgresPassword: string;
  readonly amqpPassword: string;
  readonly erlangCookie: string;
  /** Base64 of 32 bytes: what Odoo encrypts the secrets of endpoints with. */
  readonly odooSecretKey: string;
}

/** `postgresPassword` comes with the copied cluster. */
export function createSecrets(file: string, postgresPassword: string): void {
  const secret = () => randomBytes(18).toString("hex");
  writeSecrets(file, {
    postgresPassword,
    amqpPassword: secret(),
    erlangCookie: secret(),
    odooSecretKey: createSecretKey(),
  });
}

/** A stack from before there was a key gets one, for good: what is encrypted with it cannot be read without. */
export function readSecrets(file: string): StackSecrets {
  const known = JSON.parse(readFileSync(file, "utf8")) as Omit<StackSecrets, "odooSecretKey"> &
    Partial<StackSecrets>;
  const { odooSecretKey } = known;
  if (odooSecretKey !== undefined) return { ...known, odooSecretKey };
  const secrets = { ...known, odooSecretKey: createSecretKey() };
  writeSecrets(file, secrets);
  return secrets;
}

export function createSecretKey(): string {
  return randomBytes(32).toString("base64");
}

function writeSecrets(file: string, secrets: StackSecrets): void {
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
}
