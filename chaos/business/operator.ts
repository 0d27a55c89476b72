import { OdooSession } from "../../stack/odoo_session.ts";

const login = "integration_admin";
const lookEveryMs = 1_500;

/** What the person at the monitor did. */
export interface OperatorTally {
  retried: number;
  resumed: number;
}

/**
 * A person who looks at the exceptions and sends each again, and lets endpoints go on that asked to be left alone.
 * Ends when `until` is aborted.
 */
export async function operate(
  url: string,
  database: string,
  endpointIds: readonly number[],
  until: AbortSignal,
): Promise<OperatorTally> {
  const session = new OdooSession(url, database, login);
  const tally: OperatorTally = { retried: 0, resumed: 0 };
  while (!until.aborted) {
    try {
      await lookOnce(session, endpointIds, tally, until);
    } catch {
      // Odoo is away, or said no because something moved meanwhile: a person looks again.
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return tally;
}

async function lookOnce(
  session: OdooSession,
  endpointIds: readonly number[],
  tally: OperatorTally,
  signal: AbortSignal,
): Promise<void> {
  const stopped = await session.call<number[]>(
    "integration.endpoint",
    "search",
    [
      [
        ["id", "in", endpointIds],
        ["state", "=", "stopped"],
      ],
    ],
    {},
    signal,
  );
  if (stopped.kind !== "committed") return;
  if (stopped.value.length > 0) {
    const result = await session.call("integration.endpoint", "action_resume", [stopped.value], {}, signal);
    if (result.kind === "committed") tally.resumed += stopped.value.length;
  }
  const failed = await session.call<number[]>(
    "integration.delivery",
    "search",
    [
      [
        ["endpoint_id", "in", endpointIds],
        ["state", "=", "failed"],
      ],
    ],
    { limit: 200 },
    signal,
  );
  if (failed.kind !== "committed" || failed.value.length === 0) return;
  const result = await session.call("integration.delivery", "action_retry", [failed.value], {}, signal);
  if (result.kind === "committed") tally.retried += failed.value.length;
}
