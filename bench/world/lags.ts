import type { BenchReceiver } from "./bench_receiver.ts";
import type { OdooAccess } from "./pending_deliveries.ts";

/** From which moment a lag counts: just before the commit that made the event, or when the delivery was due. */
export type LagStart = "recorded" | "due";

const starts: Readonly<Record<LagStart, string>> = {
  recorded: "e.recorded_at",
  // Measures that release deliveries keep the moment here.
  due: "d.waiting_since",
};

/**
 * How long each delivery of a hook took to its first byte at the receiver, in ms. `sinceMs` leaves out those that began
 * before it.
 */
export async function readLags(
  world: OdooAccess & { readonly receiver: BenchReceiver },
  hook: string,
  start: LagStart,
  sinceMs = 0,
): Promise<readonly number[]> {
  const rows = await world.sql(`
    SELECT e.event_id, extract(epoch FROM ${starts[start]}) * 1000
      FROM integration_delivery d
      JOIN integration_event e ON e.id = d.event_id
      JOIN integration_endpoint p ON p.id = d.endpoint_id
     WHERE p.url LIKE '%/hooks/${hook}' AND extract(epoch FROM ${starts[start]}) * 1000 >= ${sinceMs}`);
  const startById = new Map(
    rows
      .split("\n")
      .filter((row) => row !== "")
      .map((row) => row.split("|"))
      .map(([id = "", at]) => [id, Number(at)]),
  );
  const lags = new Map<string, number>();
  for (const { webhookId, at } of await world.receiver.readArrivals(hook)) {
    const startedAt = startById.get(webhookId);
    if (startedAt !== undefined && !lags.has(webhookId)) lags.set(webhookId, at - startedAt);
  }
  return [...lags.values()];
}
