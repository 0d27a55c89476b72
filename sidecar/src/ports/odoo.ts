import type { Claim, Endpoint, Outcome } from "../domain/delivery.ts";

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
  handshake(worker: string, version: string): Promise<Handshake>;
  /** All endpoints when `revision` is not current, else undefined. */
  endpoints(revision: number): Promise<{ revision: number; endpoints: readonly Endpoint[] } | undefined>;
  claim(worker: string, limit: number, credits: ReadonlyMap<number, number>): Promise<ClaimBatch>;
  published(worker: string, claims: readonly Claim[]): Promise<void>;
  report(outcomes: readonly Outcome[]): Promise<ReportResult>;
}

/** Tells when Odoo has committed something due. A hint: it may be lost or come twice. */
export interface WakeUpPort {
  /** Calls `onWake` after each hint until the signal aborts; reconnects by itself. */
  listen(channel: string, onWake: () => void, signal: AbortSignal): void;
}
