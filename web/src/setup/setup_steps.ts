/** Which steps of the set-up are done: it follows from what is there, nothing is remembered. */
import type { CatalogueEntry, SetupData, SetupEndpoint, WorkerRow } from "./setup_data.ts";

export const STEPS = ["sidecar", "endpoint", "events", "test", "activate"] as const;
export type Step = (typeof STEPS)[number];

/** States of a delivery that the endpoint took. */
const TAKEN: ReadonlySet<string> = new Set(["delivered", "acknowledged"]);

export interface EventGroup {
  readonly domain: string;
  readonly label: string;
  readonly entries: readonly CatalogueEntry[];
}

export function findDone(data: SetupData, endpoint: SetupEndpoint | null): ReadonlySet<Step> {
  const done = new Set<Step>();
  if (data.sidecar.workers.some((worker) => worker.isAlive)) {
    done.add("sidecar");
  }
  if (endpoint) {
    if (endpoint.url !== "") {
      done.add("endpoint");
    }
    if (endpoint.eventTypeIds.length > 0) {
      done.add("events");
    }
    if (TAKEN.has(endpoint.testState) || endpoint.lastDeliveredAtMs !== null) {
      done.add("test");
    }
    if (endpoint.state === "active") {
      done.add("activate");
    }
  }
  return done;
}

/** The first step that is to be done; the last one when all are. */
export function findNextStep(done: ReadonlySet<Step>): Step {
  return STEPS.find((step) => !done.has(step)) ?? "activate";
}

/** Whether the step has what it needs: events and what follows are about an endpoint. */
export function isOpenable(step: Step, endpoint: SetupEndpoint | null): boolean {
  return step === "sidecar" || step === "endpoint" || endpoint !== null;
}

/** The endpoint to go on with: the newest that is not finished; none where all are, so that a new one is made. */
export function chooseEndpoint(
  endpoints: readonly SetupEndpoint[],
  wantedId: number | null,
): SetupEndpoint | null {
  return (
    endpoints.find((endpoint) => endpoint.id === wantedId) ??
    endpoints.find((endpoint) => endpoint.state === "draft") ??
    null
  );
}

/** Sidecars that report now and were not there before: with several, they alone prove the new key. */
export function findArrived(
  workers: readonly WorkerRow[],
  namesBefore: ReadonlySet<string>,
): readonly WorkerRow[] {
  return workers.filter((worker) => worker.isAlive && !namesBefore.has(worker.name));
}

export function groupEvents(catalogue: readonly CatalogueEntry[]): readonly EventGroup[] {
  const groups = new Map<string, CatalogueEntry[]>();
  for (const entry of catalogue) {
    groups.set(entry.domain, [...(groups.get(entry.domain) ?? []), entry]);
  }
  return [...groups].map(([domain, entries]) => ({ domain, label: entries[0]?.domainLabel ?? "", entries }));
}
