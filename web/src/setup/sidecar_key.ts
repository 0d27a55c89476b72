/**
 * How a new API key reaches the page that asked for it. Odoo may ask for the person's password in between, so
 * the answer comes as an action: this one, which hands the key over and keeps nothing.
 */
import { registry } from "@web/core/registry";
import type { ActionRequest, OdooEnv } from "odoo-services";

export const SIDECAR_KEY_EVENT = "INTEGRATION_MONITOR:SIDECAR_KEY";

export interface SidecarKey {
  readonly key: string;
  readonly login: string;
}

export function handOverKey(env: OdooEnv, action: { readonly params: SidecarKey }): ActionRequest {
  env.bus.trigger(SIDECAR_KEY_EVENT, action.params);
  return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("integration_monitor.sidecar_key", handOverKey);
