/**
 * Decides what the overview says: does everything flow, and if not, why not. Pure: values in, values out;
 * the words are chosen elsewhere.
 */
import type { EndpointRow, Held, Overview } from "./overview_data.ts";

export type Severity = "danger" | "warning" | "info" | "success";

/** One thing worth saying, in the order of urgency below. */
export type Finding =
  /** Nobody has set anything up yet. */
  | { readonly kind: "no_endpoints" }
  /** Every endpoint is a draft. */
  | { readonly kind: "none_active" }
  /** No sidecar has ever called. */
  | { readonly kind: "sidecar_never_seen" }
  /** Sidecars called once, and stopped calling. `lastSeenAtMs` is the latest sign of life. */
  | { readonly kind: "sidecar_silent"; readonly lastSeenAtMs: number | null }
  /** Sidecars are there, but none of them reaches the broker. */
  | { readonly kind: "broker_away"; readonly sinceMs: number | null }
  | { readonly kind: "endpoints_fenced"; readonly endpoints: readonly EndpointRow[] }
  | { readonly kind: "endpoints_stopped"; readonly endpoints: readonly EndpointRow[] }
  /** They failed too often in a row: deliveries wait until one of them is answered. */
  | { readonly kind: "endpoints_resting"; readonly endpoints: readonly EndpointRow[] }
  | {
      readonly kind: "documents_held";
      readonly held: Held;
      /** Those of the shown endpoints that they wait for. */
      readonly endpoints: readonly EndpointRow[];
      /** How many deliveries a person has to look at. */
      readonly failedCount: number;
    }
  /** They came over the broker and belong to no delivery. */
  | { readonly kind: "messages_parked"; readonly count: number }
  | { readonly kind: "endpoints_failing"; readonly endpoints: readonly EndpointRow[] }
  /** A person paused them, and deliveries wait. */
  | { readonly kind: "endpoints_paused"; readonly endpoints: readonly EndpointRow[] }
  /** The broker had them for too long, so Odoo gave them out again. */
  | { readonly kind: "deliveries_lost"; readonly count: number }
  /** Odoo says that something does not move, for a reason not named above. */
  | { readonly kind: "not_flowing" }
  | { readonly kind: "flowing" };

/** Everything worth saying, most urgent first; never empty. */
export function findFindings(overview: Overview): readonly [Finding, ...Finding[]] {
  const { endpoints } = overview;
  if (endpoints.length === 0) {
    return [{ kind: "no_endpoints" }];
  }
  if (endpoints.every(({ state }) => state === "draft")) {
    return [{ kind: "none_active" }];
  }
  const [first, ...others] = [...findSidecarFindings(overview), ...findEndpointFindings(overview)];
  const lost = findLost(overview);
  if (first) {
    return [first, ...others, ...lost];
  }
  return [{ kind: overview.isFlowing ? "flowing" : "not_flowing" }, ...lost];
}

export function rateFinding(finding: Finding): Severity {
  switch (finding.kind) {
    case "sidecar_never_seen":
    case "sidecar_silent":
    case "broker_away":
      return "danger";
    case "endpoints_fenced":
    case "endpoints_stopped":
    case "endpoints_resting":
    case "documents_held":
    case "messages_parked":
    case "endpoints_failing":
    case "endpoints_paused":
    case "not_flowing":
      return "warning";
    case "no_endpoints":
    case "none_active":
    case "deliveries_lost":
      return "info";
    case "flowing":
      return "success";
  }
}

/** Whether deliveries wait because the endpoint does not answer; a paused or stopped one waits for a person. */
export function isResting({ state, breakerState }: EndpointRow): boolean {
  return state === "active" && (breakerState === "open" || breakerState === "half_open");
}

function findLost({ lostCount24h }: Overview): Finding[] {
  return lostCount24h > 0 ? [{ kind: "deliveries_lost", count: lostCount24h }] : [];
}

function findSidecarFindings({ workers }: Overview): Finding[] {
  const alive = workers.filter(({ isAlive }) => isAlive);
  if (alive.length > 0) {
    const isBrokerAway = alive.every(({ isBrokerConnected }) => isBrokerConnected === false);
    const lostAtMs = alive.flatMap(({ brokerLostAtMs }) => brokerLostAtMs ?? []);
    return isBrokerAway
      ? [{ kind: "broker_away", sinceMs: lostAtMs.length > 0 ? Math.max(...lostAtMs) : null }]
      : [];
  }
  if (workers.length === 0) {
    return [{ kind: "sidecar_never_seen" }];
  }
  const seenAtMs = workers.flatMap(({ lastSeenAtMs }) => lastSeenAtMs ?? []);
  return [{ kind: "sidecar_silent", lastSeenAtMs: seenAtMs.length > 0 ? Math.max(...seenAtMs) : null }];
}

function findEndpointFindings({ endpoints, held, failedCount, parkedCount }: Overview): Finding[] {
  const findings: Finding[] = [];
  const fenced = endpoints.filter(({ state }) => state === "fenced");
  if (fenced.length > 0) {
    findings.push({ kind: "endpoints_fenced", endpoints: fenced });
  }
  const stopped = endpoints.filter(({ state }) => state === "stopped");
  if (stopped.length > 0) {
    findings.push({ kind: "endpoints_stopped", endpoints: stopped });
  }
  const resting = endpoints.filter(isResting);
  if (resting.length > 0) {
    findings.push({ kind: "endpoints_resting", endpoints: resting });
  }
  if (held.deliveryCount > 0) {
    const waitedFor = endpoints.filter((endpoint) => endpoint.held.deliveryCount > 0);
    findings.push({ kind: "documents_held", held, endpoints: waitedFor, failedCount });
  }
  if (parkedCount > 0) {
    findings.push({ kind: "messages_parked", count: parkedCount });
  }
  // Endpoints whose failures already need a person are in the line above.
  const failing = endpoints.filter(
    ({ state, health, failedCount: failed }) => state === "active" && health === "failing" && failed === 0,
  );
  if (failing.length > 0) {
    findings.push({ kind: "endpoints_failing", endpoints: failing });
  }
  const paused = endpoints.filter(({ state, pendingCount }) => state === "paused" && pendingCount > 0);
  if (paused.length > 0) {
    findings.push({ kind: "endpoints_paused", endpoints: paused });
  }
  return findings;
}
