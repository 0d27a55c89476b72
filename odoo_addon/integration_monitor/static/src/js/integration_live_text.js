import { MONITOR_HINTS } from "./bus_hints.js";
import { useLiveRecord } from "./live_record.js";
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
// web/src/integration_live_text.ts
/** Field widget `integration_live_text`: a text of the server; the whole form is read again on every hint. */
/** Least time between two reloads, in ms: the hints say that some delivery changed, not which. */
var RELOAD_SPACING_MS = 2e3;
var IntegrationLiveText = class extends Component {
	static template = "integration_monitor.LiveText";
	static props = { ...standardFieldProps };
	setup() {
		useLiveRecord({
			getRecord: () => this.props.record,
			getSource: () => MONITOR_HINTS,
			isUnsettled: () => false,
			spacingMs: RELOAD_SPACING_MS
		});
	}
	get text() {
		return String(this.props.record.data[this.props.name] || "");
	}
};
registry.category("fields").add("integration_live_text", {
	component: IntegrationLiveText,
	supportedTypes: ["char"]
});
export { IntegrationLiveText };
