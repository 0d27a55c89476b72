/** The lists and forms of deliveries that several components open. */
import type { ActionRequest } from "odoo-services";

type Domain = readonly unknown[];

export function openDeliveryList(name: string, domain: Domain): ActionRequest {
  return {
    type: "ir.actions.act_window",
    name,
    res_model: "integration.delivery",
    domain,
    views: [
      [false, "list"],
      [false, "form"],
    ],
  };
}

/** What the counter counts: see `get_exception_count`. */
export const FAILED_DELIVERIES: Domain = [
  ["state", "=", "failed"],
  ["is_snoozed", "=", false],
];

/** The stored action, so that the address in the browser can be shared. */
export const EXCEPTIONS_ACTION: ActionRequest = "integration_monitor.integration_delivery_action_exceptions";

export function openRecord(resModel: string, resId: number): ActionRequest {
  return { type: "ir.actions.act_window", res_model: resModel, res_id: resId, views: [[false, "form"]] };
}
