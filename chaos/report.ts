import { explain } from "./audit/audit.ts";
import type { Check } from "./audit/check.ts";
import { groupBy } from "./audit/check.ts";
import type { Facts } from "./audit/facts.ts";
import type { OperatorTally } from "./business/operator.ts";
import type { Quiet } from "./quiet.ts";

/** What one run found. */
export interface ChaosReport {
  readonly seed: number;
  readonly minutes: number;
  readonly facts: Facts;
  readonly operator: OperatorTally;
  readonly quiet: Quiet;
  readonly checks: readonly Check[];
}

type Row = readonly [string, string, string?];

export function hasBreach({ checks }: ChaosReport): boolean {
  return checks.some(({ breaches }) => breaches.length > 0);
}

/** The one table of a run, and below it what explains each breach. */
export function renderReport(report: ChaosReport): string {
  const { checks, facts, seed } = report;
  const rows: Row[] = [
    ...describeRun(report),
    ["", ""],
    ["Promise", "breaches", "looked at"],
    ...checks.map((check): Row => {
      const note = check.note ? `${check.looked} · ${check.note}` : String(check.looked);
      return [check.promise, String(check.breaches.length), note];
    }),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const countWidth = Math.max(...rows.map(([, count]) => count.length));
  const table = rows.map(([label, count, note = ""]) =>
    `${label.padEnd(width)}  ${count.padStart(countWidth)}  ${note}`.trimEnd(),
  );
  const broken = checks.filter(({ breaches }) => breaches.length > 0);
  if (broken.length === 0) return table.join("\n");
  const again = `Same plan again: npm run chaos -- --minutes=${report.minutes} --seed=${seed}`;
  return [...table, "", ...broken.map((check) => explain(check, facts)), "", again].join("\n");
}

function describeRun({ seed, minutes, facts, operator, quiet }: ChaosReport): Row[] {
  const done = facts.calls.filter(({ outcome }) => outcome === "committed").length;
  const rolledBack = facts.calls.filter(({ outcome }) => outcome === "refused").length;
  const unknown = facts.calls.length - done - rolledBack;
  const share = Math.round((100 * rolledBack) / Math.max(1, facts.calls.length));
  const kills = [...groupBy(facts.kills, ({ target }) => target)].map(
    ([target, list]) => `${target} ${list.length}`,
  );
  const attempts = facts.attempts.length;
  const failures = [
    ...groupBy(
      facts.attempts.filter(({ outcome }) => outcome !== "delivered"),
      failureOf,
    ),
  ]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, list]) => `${name} ${list.length}`);
  return [
    ["Run", "count", `${minutes} min, seed ${seed}`],
    [
      "Business transactions",
      String(facts.calls.length),
      `${done} committed, ${rolledBack} rolled back (${share} %), ${unknown} without an answer`,
    ],
    ["Killed with kill -9", String(facts.kills.length), kills.sort().join(", ")],
    ["Committed changes that events tell of", String(facts.changes.length)],
    ["Events in Odoo", String(facts.events.length)],
    ["Deliveries", String(facts.deliveries.length), `${Object.keys(facts.endpoints).length} endpoints`],
    ["Requests at the receiver", String(facts.requests.length)],
    ["Attempts in Odoo", String(attempts), failures.join(", ")],
    ["Sent again by a person", String(operator.retried), `${operator.resumed} times an endpoint was resumed`],
    ["Quiet after", `${quiet.seconds} s`, quiet.isReached ? "" : `not reached: ${quiet.rest}`],
  ];
}

function failureOf({ failure_class }: { readonly failure_class: string | null }): string {
  return failure_class ?? "none";
}
