/**
 * Reads the environment once, at start. All problems are reported together, so that a person repairs the
 * configuration in one go; values of secrets never appear in a message.
 */
import * as z from "zod";

export type TransportChoice = "auto" | "json2" | "xmlrpc";

export interface SidecarConfig {
  readonly odoo: {
    /** Origin of the Odoo server, e.g. `http://odoo:8069`. */
    readonly url: URL;
    readonly database: string;
    readonly login: string;
    readonly apiKey: string;
    readonly transport: TransportChoice;
  };
  readonly amqpUrl: string;
  readonly http: { readonly host: string; readonly port: number };
  readonly pollIntervalMs: number;
  readonly workerName: string;
  /** Requests of the whole process under way at once. */
  readonly maxInFlight: number;
  readonly logLevel: string;
}

/** The environment cannot be used; `message` holds one line for each problem. */
export class ConfigInvalid extends Error {
  override readonly name = "ConfigInvalid";
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
const transports = ["auto", "json2", "xmlrpc"] as const;

/**
 * @param env usually `process.env`
 * @param own used when WORKER_NAME is absent
 * @throws ConfigInvalid with every problem found
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  own: { readonly hostName: string; readonly pid: number },
): SidecarConfig {
  // An empty variable means "not set": compose files and unit files often write NAME= for that.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigInvalid(
      parsed.error.issues
        .map((issue) => `IM_CONFIG_INVALID: ${String(issue.path[0])} ${issue.message}`)
        .join("\n"),
    );
  }
  const value = parsed.data;
  return {
    odoo: {
      url: new URL(value.ODOO_URL),
      database: value.ODOO_DATABASE,
      login: value.ODOO_LOGIN,
      apiKey: value.ODOO_API_KEY,
      transport: value.ODOO_TRANSPORT,
    },
    amqpUrl: value.AMQP_URL,
    http: { host: value.HTTP_HOST, port: value.HTTP_PORT },
    pollIntervalMs: value.POLL_INTERVAL_MS,
    // Two on one host have different ports, and one that starts again has the name it had.
    workerName: value.WORKER_NAME ?? `${own.hostName}:${value.HTTP_PORT === 0 ? own.pid : value.HTTP_PORT}`,
    maxInFlight: value.MAX_IN_FLIGHT,
    logLevel: value.LOG_LEVEL,
  };
}

/** A string variable; `accepts` decides, `expectation` says what it must be. */
function variable(expectation: string, example: string, accepts: (text: string) => boolean) {
  return z
    .string({ error: () => `must be ${expectation}, but is not set. Example: ${example}` })
    .refine(accepts, {
      error: (issue) => `must be ${expectation}, got ${showValue(String(issue.input))}. Example: ${example}`,
    });
}

/** Credentials do not belong into a plain URL, but people put them there. */
function showValue(text: string): string {
  return JSON.stringify(text.replace(/^(.*?\/\/)?.*@/s, "$1…@"));
}

/** Like `variable`, for values that hold a secret: the refusal says what is wrong, not what came. */
function secretVariable(expectation: string, example: string, accepts: (text: string) => boolean) {
  return z
    .string({ error: () => `must be ${expectation}, but is not set. Example: ${example}` })
    .refine(accepts, { error: () => `must be ${expectation}, got something else. Example: ${example}` });
}

function integerVariable(fallback: number, min: number, max: number) {
  return variable(`a whole number from ${min} to ${max}`, String(fallback), (text) => {
    const value = Number(text);
    return /^\d{1,9}$/.test(text) && value >= min && value <= max;
  })
    .default(String(fallback))
    .transform(Number);
}

function choiceVariable<const Choice extends string>(choices: readonly Choice[], fallback: NoInfer<Choice>) {
  return z
    .enum(choices, {
      error: (issue) =>
        `must be one of ${choices.join(", ")}, got ${JSON.stringify(issue.input)}. Example: ${fallback}`,
    })
    .default(fallback);
}

const isText = (text: string) => text.trim() === text && text.length > 0;

/** Odoo serves its routes at the root of its origin, so a path would be a mistake. */
function isHttpOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.hostname !== "" &&
    url.pathname === "/" &&
    url.search === "" &&
    url.username === ""
  );
}

function isAmqpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && (url.protocol === "amqp:" || url.protocol === "amqps:") && url.hostname !== "";
}

const environment = z.object({
  ODOO_URL: variable("an absolute http(s) URL", "http://odoo:8069", isHttpOrigin),
  ODOO_DATABASE: variable("the name of the Odoo database", "production", isText),
  ODOO_LOGIN: variable("the login of the service account", "integration_sidecar", isText),
  ODOO_API_KEY: secretVariable("an API key of the service account", "(made in Odoo, shown once)", isText),
  ODOO_TRANSPORT: choiceVariable(transports, "auto"),
  AMQP_URL: secretVariable("an amqp(s) URL", "amqp://user:password@rabbitmq:5672/", isAmqpUrl),
  HTTP_HOST: variable("a host name or address to listen on", "127.0.0.1", isText).default("127.0.0.1"),
  HTTP_PORT: integerVariable(8070, 0, 65_535),
  POLL_INTERVAL_MS: integerVariable(2000, 100, 600_000),
  MAX_IN_FLIGHT: integerVariable(256, 1, 65_535),
  WORKER_NAME: variable("a name without surrounding spaces", "sidecar-1", isText).optional(),
  LOG_LEVEL: choiceVariable(logLevels, "info"),
});
