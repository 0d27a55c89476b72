import { describeOutcome, phraseAttempt, phraseDuration } from "./attempt_look.js";
import { MONITOR_HINTS } from "./bus_hints.js";
import { useLiveRecord } from "./live_record.js";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
// web/src/integration_attempt_timeline.ts
/**
* Field widget `integration_attempt_timeline`: every attempt of a delivery, newest first. It keeps the form
* of the delivery up to date, so that whoever presses Retry sees what comes of it.
*/
/** Least time between two reloads, in ms: the hints say that some delivery changed, not which. */
var RELOAD_SPACING_MS = 2e3;
var IntegrationAttemptTimeline = class extends Component {
	static template = "integration_monitor.IntegrationAttemptTimeline";
	static props = { ...standardFieldProps };
	setup() {
		useLiveRecord({
			getRecord: () => this.props.record,
			getSource: () => MONITOR_HINTS,
			isUnsettled: (record) => ["pending", "queued"].includes(String(record.data.state)),
			spacingMs: RELOAD_SPACING_MS
		});
	}
	get list() {
		return this.props.record.data[this.props.name];
	}
	get rows() {
		return this.list.records.map(toAttemptRow).sort((left, right) => right.attemptNumber - left.attemptNumber);
	}
	/** Attempts that the form has not loaded. */
	get hiddenCount() {
		return Math.max(0, this.list.count - this.list.records.length);
	}
	get moreLabel() {
		return _t("Show %(count)s more", { count: this.hiddenCount });
	}
	async showAll() {
		await this.list.load({
			limit: this.list.count,
			offset: 0
		});
	}
};
function toAttemptRow({ id, data }) {
	const worker = toText(data.worker);
	return {
		key: id,
		attemptNumber: Number(data.attempt_number),
		title: phraseAttempt(Number(data.attempt_number)),
		startedAt: toLocaleDateTimeString(data.started_at, { showSeconds: true }),
		duration: phraseDuration(Number(data.duration_ms)),
		status: toText(data.status_text) || _t("No answer"),
		outcome: describeOutcome(data.outcome),
		error: toText(data.error),
		answer: toText(data.response_excerpt),
		worker: worker && _t("by %(sidecar)s", { sidecar: worker })
	};
}
function toText(value) {
	return typeof value === "string" ? value : "";
}
registry.category("fields").add("integration_attempt_timeline", {
	component: IntegrationAttemptTimeline,
	displayName: _t("Attempt timeline"),
	supportedTypes: ["one2many"],
	relatedFields: [
		{
			name: "attempt_number",
			type: "integer"
		},
		{
			name: "started_at",
			type: "datetime"
		},
		{
			name: "duration_ms",
			type: "integer"
		},
		{
			name: "status_text",
			type: "char"
		},
		{
			name: "outcome",
			type: "char"
		},
		{
			name: "error",
			type: "text"
		},
		{
			name: "response_excerpt",
			type: "text"
		},
		{
			name: "worker",
			type: "char"
		}
	]
});
export { IntegrationAttemptTimeline };
