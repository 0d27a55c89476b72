/** Which Odoo databases one process serves: one from the environment, or several from a file. */
import * as z from "zod";
import { choiceSetting, isHttpOrigin, isText, secretSetting, textSetting } from "./config_values.ts";

export type TransportChoice = "auto" | "json2" | "xmlrpc";

export interface DatabaseConfig {
  /** In logs, metrics and `/readyz`; unique in the process. */
  readonly name: string;
  /** Origin of the Odoo server, e.g. `http://odoo:8069`. */
  readonly url: URL;
  readonly database: string;
  readonly login: string;
  readonly apiKey: string;
  readonly transport: TransportChoice;
}

/** Databases, or what is wrong with them: one text for each problem, beginning with what it is about. */
export type DatabasesRead =
  | { readonly kind: "read"; readonly databases: readonly DatabaseConfig[] }
  | { readonly kind: "invalid"; readonly problems: readonly string[] };

/** @throws what the file system throws */
export type ReadFile = (path: string) => string;

const transports = ["auto", "json2", "xmlrpc"] as const;
const settings = {
  url: textSetting("an absolute http(s) URL", "http://odoo:8069", isHttpOrigin),
  database: textSetting("the name of the Odoo database", "production", isText),
  login: textSetting("the login of the service account", "integration_sidecar", isText),
  apiKey: secretSetting("an API key of the service account", "(made in Odoo, shown once)", isText),
  keyFile: textSetting("the path of a file with the API key", "/run/secrets/odoo_api_key", isText),
  transport: choiceSetting(transports, "auto"),
};

const single = z.object({
  ODOO_URL: settings.url,
  ODOO_DATABASE: settings.database,
  ODOO_LOGIN: settings.login,
  ODOO_API_KEY: settings.apiKey,
  ODOO_TRANSPORT: settings.transport,
});
const singleNames = [...Object.keys(single.shape), "ODOO_API_KEY_FILE"];

const entry = z.strictObject(
  {
    name: textSetting("a name for logs and metrics", "production", isText).optional(),
    url: settings.url,
    database: settings.database,
    login: settings.login,
    api_key: settings.apiKey,
    transport: settings.transport,
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `must have no key ${issue.keys.join(", ")}` : undefined,
  },
);
const fileName = "ODOO_DATABASES_FILE";
const example = '[{"url": …, "database": …, "login": …, "api_key_file": …}]';

/** @param env without empty variables */
export function readDatabases(env: Readonly<Record<string, string>>, readFile: ReadFile): DatabasesRead {
  return env[fileName] === undefined ? readSingle(env, readFile) : readSeveral(env, env[fileName], readFile);
}

function readSingle(env: Readonly<Record<string, string>>, readFile: ReadFile): DatabasesRead {
  const problems: string[] = [];
  const key = takeKey(env, "ODOO_API_KEY", "ODOO_API_KEY_FILE", "", readFile, problems);
  const parsed = single.safeParse({ ...env, ...key });
  if (!parsed.success) problems.push(...describeIssues(parsed.error, (path) => path));
  if (!parsed.success || problems.length > 0) return { kind: "invalid", problems };
  const value = parsed.data;
  const database = {
    name: value.ODOO_DATABASE,
    url: new URL(value.ODOO_URL),
    database: value.ODOO_DATABASE,
    login: value.ODOO_LOGIN,
    apiKey: value.ODOO_API_KEY,
    transport: value.ODOO_TRANSPORT,
  };
  return { kind: "read", databases: [database] };
}

function readSeveral(env: Readonly<Record<string, string>>, path: string, readFile: ReadFile): DatabasesRead {
  const problems = singleNames
    .filter((name) => env[name] !== undefined)
    .map((name) => `${name} must not be set beside ${fileName}: put it into the file`);
  const list = readList(path, readFile);
  if (typeof list === "string") return { kind: "invalid", problems: [...problems, `${fileName} ${list}`] };
  const databases = list.flatMap((value, index) =>
    readEntry(value, `${fileName}[${index}]`, readFile, problems),
  );
  problems.push(...findDuplicates(databases));
  return problems.length > 0 ? { kind: "invalid", problems } : { kind: "read", databases };
}

/** The entries, or what is wrong. The text of the file may hold keys: it is never shown. */
function readList(path: string, readFile: ReadFile): readonly unknown[] | string {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return `must be a file that can be read, got ${JSON.stringify(path)}: ${describeFault(error)}`;
  }
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.length > 0) return list;
  } catch {
    return `must hold JSON, got something else in ${JSON.stringify(path)}. Example: ${example}`;
  }
  return `must hold a list of at least one database. Example: ${example}`;
}

function readEntry(
  value: unknown,
  where: string,
  readFile: ReadFile,
  problems: string[],
): readonly DatabaseConfig[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`${where} must be an object, got ${Array.isArray(value) ? "a list" : typeof value}`);
    return [];
  }
  const key = takeKey({ ...value }, "api_key", "api_key_file", `${where}.`, readFile, problems);
  const { api_key_file: _, ...rest } = { api_key_file: undefined, ...value };
  const parsed = entry.safeParse({ ...rest, ...key });
  if (!parsed.success) {
    problems.push(...describeIssues(parsed.error, (path) => (path === "" ? where : `${where}.${path}`)));
    return [];
  }
  const { name, url, database, login, api_key, transport } = parsed.data;
  return [{ name: name ?? database, url: new URL(url), database, login, apiKey: api_key, transport }];
}

/** The key under its own name, if it is in a file; notes what is wrong with that. */
function takeKey(
  given: Readonly<Record<string, unknown>>,
  keyName: string,
  fileKeyName: string,
  prefix: string,
  readFile: ReadFile,
  problems: string[],
): Readonly<Record<string, string>> {
  const path = given[fileKeyName];
  if (path === undefined) return {};
  if (given[keyName] !== undefined) {
    problems.push(`${prefix}${keyName} must not be set beside ${fileKeyName}: choose one`);
    return {};
  }
  const parsed = settings.keyFile.safeParse(path);
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${prefix}${fileKeyName} ${issue.message}`));
    return { [keyName]: "unknown" };
  }
  try {
    // Editors and `echo` end a file with a line feed.
    return { [keyName]: readFile(parsed.data).trim() };
  } catch (error) {
    problems.push(`${prefix}${fileKeyName} must be a file that can be read: ${describeFault(error)}`);
    return { [keyName]: "unknown" };
  }
}

function describeIssues(error: z.ZodError, nameOf: (path: string) => string): readonly string[] {
  return error.issues.map((issue) => `${nameOf(issue.path.map(String).join("."))} ${issue.message}`);
}

function findDuplicates(databases: readonly DatabaseConfig[]): readonly string[] {
  return databases.flatMap((one, index) => {
    const before = databases.slice(0, index);
    if (before.some((other) => other.url.href === one.url.href && other.database === one.database)) {
      return [
        `${fileName} must name each database once, got ${JSON.stringify(one.database)} of ${one.url.origin} twice`,
      ];
    }
    if (!before.some((other) => other.name === one.name)) return [];
    return [
      `${fileName} must give each database another name, got ${JSON.stringify(one.name)} twice. Set "name"`,
    ];
  });
}

/** The operating system's word (`ENOENT`), never a text that could hold what is in the file. */
function describeFault(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "not readable";
}
