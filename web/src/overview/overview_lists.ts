/** The list behind each number. Odoo says what it counted as domains; the lists ask the same. */
import { _t } from "@web/core/l10n/translation";
import type { ActionRequest } from "odoo-services";
import { openDeliveryList } from "../delivery_actions.ts";
import type { Domain, Overview } from "./overview_data.ts";
import type { Finding } from "./overview_summary.ts";

export type Outcome = "delivered" | "retry" | "failed";

export const WAITING: Domain = [["state", "in", ["pending", "queued"]]];
export const PENDING: Domain = [["state", "=", "pending"]];
export const QUEUED: Domain = [["state", "=", "queued"]];
export const FAILED: Domain = [["state", "=", "failed"]];

/** @param parts domains that must all hold */
export function openDeliveries(overview: Overview, name: string, ...parts: readonly Domain[]): ActionRequest {
  return openDeliveryList(name, [...overview.domains.company, ...parts.flat()]);
}

/** The same deliveries, one group for each document. */
export function openDocuments(overview: Overview, name: string, ...parts: readonly Domain[]): ActionRequest {
  return {
    ...Object(openDeliveries(overview, name, ...parts)),
    context: { group_by: ["record_name"] },
  };
}

export const ENDPOINTS_ACTION: ActionRequest = "integration_monitor.integration_endpoint_action";

/**
 * Attempts of the whole period, or of one of its parts.
 *
 * @param place of the part, from 0; null for the whole period
 */
export function openAttempts(
  overview: Overview,
  outcomes: readonly Outcome[],
  place: number | null = null,
  endpointId: number | null = null,
): ActionRequest {
  const { starts } = overview.series;
  const since = starts[place ?? 0];
  const until = place === null ? undefined : starts[place + 1];
  const { company } = overview.domains;
  return {
    type: "ir.actions.act_window",
    name: _t("Attempts"),
    res_model: "integration.delivery.attempt",
    domain: [
      ["outcome", "in", outcomes],
      ["started_at", ">=", since],
      ...(until === undefined ? [] : [["started_at", "<", until]]),
      ...(endpointId === null ? [] : [["delivery_id.endpoint_id", "=", endpointId]]),
      ...(company.length === 0 ? [] : [["delivery_id", "any", company]]),
    ],
    views: [
      [false, "list"],
      [false, "form"],
    ],
  };
}

/** What a sentence of the header counts; null when it counts nothing. */
export function openFinding(overview: Overview, finding: Finding): ActionRequest | null {
  switch (finding.kind) {
    case "documents_held":
      return openDocuments(overview, _t("Held up"), overview.domains.held);
    case "deliveries_lost":
      return openDeliveries(overview, _t("Lost on the way"), overview.domains.lost);
    case "messages_parked":
      return "integration_monitor.integration_parked_message_action";
    default:
      return null;
  }
}
