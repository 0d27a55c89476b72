import type { Random } from "../random.ts";

/** What can be killed. `postgres_backend` is one connection's process; PostgreSQL then resets all others. */
export type Target =
  | "sidecar"
  | "sidecar_b"
  | "rabbitmq"
  | "odoo"
  | "postgres"
  | "postgres_backend"
  | "receiver";

export interface PlannedKill {
  readonly atMs: number;
  readonly target: Target;
  /** Until it is started again. */
  readonly downMs: number;
}

const everyMs = 12_000;
const downMsMax = 3_000;
/** People go on for a while after the last kill; a lease that died with a sidecar runs out meanwhile. */
const calmMs = 20_000;
/** Every run has these, however short. */
const always: readonly Target[] = [
  ...(["sidecar", "sidecar_b", "rabbitmq", "rabbitmq", "odoo", "odoo", "postgres"] as const),
];
const weights: Readonly<Record<Target, number>> = {
  sidecar: 20,
  sidecar_b: 20,
  rabbitmq: 18,
  odoo: 20,
  postgres: 10,
  postgres_backend: 5,
  receiver: 7,
};

/** When to kill what. Shared out over the run, in random order, at random moments; kills may overlap. */
export function planKills(durationMs: number, random: Random): PlannedKill[] {
  const stormMs = durationMs - calmMs;
  const count = Math.max(always.length + 1, Math.round(stormMs / everyMs));
  const extra = Array.from({ length: count - always.length }, () => random.pickWeighted(weights));
  const slotMs = stormMs / count;
  return random.shuffle([...always, ...extra]).map((target, index) => ({
    atMs: Math.round(slotMs * (index + random.next() * 0.9)),
    target,
    downMs: random.integer(0, downMsMax),
  }));
}
