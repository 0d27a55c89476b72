import { parseArgs } from "node:util";
import { messageOf, SetupFailure } from "./failure.ts";
import type { FixedPorts } from "./stack_ports.ts";

export interface StartOptions {
  readonly ports: FixedPorts;
  readonly isReset: boolean;
  readonly wantsSample: boolean;
  readonly hasControl: boolean;
}

const portNames = ["odoo", "sidecar", "receiver", "amqp", "postgres"] as const;

/** Throws SetupFailure naming the option that is wrong. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  const ports: { -readonly [Name in keyof FixedPorts]: FixedPorts[Name] } = {};
  for (const name of portNames) {
    const text = values[`${name}-port`];
    if (typeof text === "string") ports[name] = parsePort(`--${name}-port`, text);
  }
  return {
    ports,
    isReset: values.reset === true,
    wantsSample: values["without-sample-data"] !== true,
    hasControl: values.control === true,
  };
}

function parse(args: readonly string[]): Record<string, string | boolean | undefined> {
  const flags = Object.fromEntries(
    ["reset", "without-sample-data", "control"].map((name) => [name, { type: "boolean" as const }]),
  );
  const ports = Object.fromEntries(portNames.map((name) => [`${name}-port`, { type: "string" as const }]));
  try {
    return parseArgs({ args: [...args], options: { ...flags, ...ports }, strict: true }).values;
  } catch (error) {
    throw new SetupFailure(`${messageOf(error)}\nAll options: npm start -- --help`);
  }
}

function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new SetupFailure(
    `${option} must be a port number from 1 to 65535, got "${text}". Example: ${option}=8069`,
  );
}
