/** What Odoo answers to `integration.setup`, see `integration_setup.py`. */
import type { Fields } from "../answer_fields.ts";
import { readFields, readNumber, readNumbers, readRows, readText } from "../answer_fields.ts";
import { parseInstant } from "../overview/overview_fields.ts";

export interface WorkerRow {
  readonly name: string;
  readonly version: string;
  readonly lastSeenAtMs: number | null;
  readonly isAlive: boolean;
}

export interface KeyRow {
  readonly name: string;
  readonly createdAtMs: number | null;
  /** Null: until somebody ends it. */
  readonly endsAtMs: number | null;
}

export interface ServiceAccount {
  readonly login: string;
  readonly isActive: boolean;
  /** Why it cannot be used, a sentence; empty when it can. */
  readonly problem: string;
  readonly keyCount: number;
  /** Empty for people who may make no key. */
  readonly keys: readonly KeyRow[];
}

/** Times are UTC instants in ms since the epoch, by the clock of the server. */
export interface Sidecar {
  readonly mayConnect: boolean;
  readonly account: ServiceAccount | null;
  readonly workers: readonly WorkerRow[];
  readonly odooUrl: string;
  readonly database: string;
  readonly serverTimeMs: number;
}

export interface SetupEndpoint {
  readonly id: number;
  readonly name: string;
  /** http or amqp. */
  readonly kind: string;
  readonly url: string;
  /** draft, active, paused, stopped or fenced. */
  readonly state: string;
  readonly eventTypeIds: readonly number[];
  readonly lastDeliveredAtMs: number | null;
  /** State of the delivery that was last sent as a test; empty when there was none. */
  readonly testState: string;
}

export interface CatalogueEntry {
  readonly id: number;
  readonly name: string;
  readonly technicalName: string;
  readonly description: string;
  readonly domain: string;
  readonly domainLabel: string;
}

export interface SetupData {
  /** Why this server cannot store secrets, a sentence; empty when it can. */
  readonly secretKeyProblem: string;
  readonly sidecar: Sidecar;
  /** Newest first. */
  readonly endpoints: readonly SetupEndpoint[];
  /** By business domain. */
  readonly catalogue: readonly CatalogueEntry[];
}

/** @throws Error `IM_ANSWER_INVALID` when the answer has another shape. */
export function parseSetup(answer: unknown): SetupData {
  const fields = readFields(answer, "get_state()");
  return {
    secretKeyProblem: readText(fields, "secret_key_problem"),
    sidecar: parseSidecar(fields.sidecar),
    endpoints: readRows(fields, "endpoints").map(toEndpoint),
    catalogue: readRows(fields, "catalogue").map(toEntry),
  };
}

/** @throws Error `IM_ANSWER_INVALID` when the answer has another shape. */
export function parseSidecar(answer: unknown): Sidecar {
  const fields = readFields(answer, "get_sidecar()");
  const connection = readFields(fields.connection, "connection");
  return {
    mayConnect: fields.may_connect === true,
    account: fields.account === false ? null : toAccount(readFields(fields.account, "account")),
    workers: readRows(fields, "workers").map(toWorker),
    odooUrl: readText(connection, "url"),
    database: readText(connection, "database"),
    serverTimeMs: parseInstant(fields.server_time) ?? Date.now(),
  };
}

function toAccount(fields: Fields): ServiceAccount {
  return {
    login: readText(fields, "login"),
    isActive: fields.active === true,
    problem: readText(fields, "problem"),
    keyCount: readNumber(fields, "key_count"),
    keys: readRows(fields, "keys").map((key) => ({
      name: readText(key, "name"),
      createdAtMs: parseInstant(key.created_at),
      endsAtMs: parseInstant(key.ends_at),
    })),
  };
}

function toWorker(fields: Fields): WorkerRow {
  return {
    name: readText(fields, "name"),
    version: readText(fields, "version"),
    lastSeenAtMs: parseInstant(fields.last_seen_at),
    isAlive: fields.alive === true,
  };
}

function toEndpoint(fields: Fields): SetupEndpoint {
  return {
    id: readNumber(fields, "id"),
    name: readText(fields, "name"),
    kind: readText(fields, "kind"),
    url: readText(fields, "url"),
    state: readText(fields, "state"),
    eventTypeIds: readNumbers(fields, "event_type_ids"),
    lastDeliveredAtMs: parseInstant(fields.last_delivered_at),
    testState: readText(fields, "test_state"),
  };
}

function toEntry(fields: Fields): CatalogueEntry {
  return {
    id: readNumber(fields, "id"),
    name: readText(fields, "name"),
    technicalName: readText(fields, "technical_name"),
    description: readText(fields, "description"),
    domain: readText(fields, "domain"),
    domainLabel: readText(fields, "domain_label"),
  };
}
