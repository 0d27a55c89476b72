import { MONITOR_HINTS } from "./bus_hints.js";
import { useLiveRecord } from "./live_record.js";
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
// web/src/integration_test_progress.ts
/** What a test of an endpoint waits for; the whole dialog follows it until the test is over. */
/** Least time between two reloads, in ms. */
var RELOAD_SPACING_MS = 300;
/** A person waits for this, so the pauses between two looks do not grow beyond it. */
var LONGEST_PAUSE_MS = 2e3;
/** Field widget `integration_test_progress` on a test's `progress`. */
var IntegrationTestProgress = class extends Component {
	static template = "integration_monitor.TestProgress";
	static props = { ...standardFieldProps };
	setup() {
		useLiveRecord({
			getRecord: () => this.props.record,
			getSource: () => MONITOR_HINTS,
			isUnsettled: (record) => isOnItsWay(record.data.state),
			spacingMs: RELOAD_SPACING_MS,
			longestPauseMs: LONGEST_PAUSE_MS
		});
	}
	get isShown() {
		return isOnItsWay(this.props.record.data.state);
	}
	get isStuck() {
		return Boolean(this.props.record.data.is_stuck);
	}
	get text() {
		return String(this.props.record.data[this.props.name] || "");
	}
};
function isOnItsWay(state) {
	return state === "pending" || state === "queued";
}
registry.category("fields").add("integration_test_progress", {
	component: IntegrationTestProgress,
	supportedTypes: ["char"],
	fieldDependencies: [{
		name: "state",
		type: "selection"
	}, {
		name: "is_stuck",
		type: "boolean"
	}]
});
export { IntegrationTestProgress };
