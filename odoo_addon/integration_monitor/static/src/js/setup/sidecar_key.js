import { registry } from "@web/core/registry";
// web/src/setup/sidecar_key.ts
/**
* How a new API key reaches the page that asked for it. Odoo may ask for the person's password in between, so
* the answer comes as an action: this one, which hands the key over and keeps nothing.
*/
var SIDECAR_KEY_EVENT = "INTEGRATION_MONITOR:SIDECAR_KEY";
function handOverKey(env, action) {
	env.bus.trigger(SIDECAR_KEY_EVENT, action.params);
	return { type: "ir.actions.act_window_close" };
}
registry.category("actions").add("integration_monitor.sidecar_key", handOverKey);
export { SIDECAR_KEY_EVENT, handOverKey };
