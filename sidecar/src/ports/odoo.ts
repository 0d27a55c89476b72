import type { Claim, Endpoint, Outcome } from "../domain/delivery.ts";
import type { WorkerStanding } from "../domain/worker_share.ts";
import type { ParkedMessage } from "./broker.ts";

/** Who and where the Odoo database is, and what it allows. */
export interface Handshake {
  readonly databaseUuid: string;
  readonly environmentUuid: string;
  readonly database: string;
  readonly odooVersion: string;
  readonly isNeutralized: boolean;
  readonly wakeChannel: string;
  readonly endpointRevision: number;
  readonly claimLimit: number;
  readonly leaseS: number;
  /** How long after a handshake its standing may be used. */
  readonly shareS: number;
  /** Undefined when none was asked for, or Odoo was busy and noted nothing. */
  readonly workers: WorkerStanding | undefined;
  /** Whether it can be told how we fare with the broker; earlier versions refuse what they do not know. */
  readonly takesBrokerState: boolean;
  /** Odoo's clock when it answered. */
  readonly serverTime: string;
}

export interface ClaimBatch {
  readonly claims: readonly Claim[];
  /** When the next waiting retry becomes due, if any waits. */
  readonly nextDueAt: string | undefined;
  readonly endpointRevision: number;
  /** Odoo's clock when it answered: waits are measured against it, not against ours. */
  readonly serverTime: string;
}

export interface ReportResult {
  readonly applied: readonly number[];
  readonly stale: readonly number[];
  readonly refused: readonly { readonly deliveryId: number; readonly error: string }[];
  /** The endpoints of the applied outcomes have more to send now; a hint, nothing to rely on. */
  readonly isMoreDue: boolean;
}

export interface ParkResult {
  /** Keys of the messages that Odoo keeps now. */
  readonly parked: readonly string[];
  /** Position in the call, from 0. */
  readonly refused: readonly { readonly index: number; readonly error: string }[];
}

/** Odoo could not be reached or failed by itself: try again later. */
export class OdooUnavailable extends Error {
  override readonly name = "OdooUnavailable";
}

/** Odoo refuses us (wrong key, missing group, unknown method): a person must act; retrying is harmless. */
export class OdooRefused extends Error {
  override readonly name = "OdooRefused";
}

/** The sidecar's door into Odoo (`integration.sidecar`). Throws OdooUnavailable or OdooRefused. */
export interface OdooPort {
  /**
   * @param heard the roll of sidecars we reckon with, "" for none yet; undefined says that we send nothing, and gives
   * our share of endpoints' slots to the others
   * @param isBrokerConnected undefined when we do not know yet
   */
  handshake(worker: string, version: string, heard?: string, isBrokerConnected?: boolean): Promise<Handshake>;
  /** All endpoints when `revision` is not current, else undefined. */
  endpoints(revision: number): Promise<{ revision: number; endpoints: readonly Endpoint[] } | undefined>;
  claim(worker: string, limit: number, credits: ReadonlyMap<number, number>): Promise<ClaimBatch>;
  published(worker: string, claims: readonly Claim[]): Promise<void>;
  report(outcomes: readonly Outcome[]): Promise<ReportResult>;
  /** Keeps messages that belong to no delivery, for a person. Repeats change nothing. */
  park(worker: string, messages: readonly ParkedMessage[]): Promise<ParkResult>;
}

/** What Odoo tells that it has committed. Hints: they may be lost or come twice. */
export interface WakeUpHints {
  /** Something is due. */
  onDue(): void;
  /** A sidecar came or went. */
  onWorkers(): void;
}

export interface WakeUpPort {
  /** Passes hints on until the signal aborts; reconnects by itself. */
  listen(channel: string, hints: WakeUpHints, signal: AbortSignal): void;
}
