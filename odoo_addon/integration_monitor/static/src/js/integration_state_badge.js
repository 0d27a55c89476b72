import { documentHints, isAboutDocument } from "./bus_hints.js";
import { useLiveRecord } from "./live_record.js";
import { describeIntegrationState } from "./state_look.js";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
// web/src/integration_state_badge.ts
/**
* Field widget `integration_state_badge`: the integration state of a document as a badge with words.
*
* In a form it also keeps the whole record up to date: the badge, the counts and the banner are fields of
* the same record, so one reload refreshes them together. The field must therefore stay visible in the
* form even while it is empty. Lists and other views show the badge alone.
*/
/** The badge without live updates, for rows of a list. */
var IntegrationStateBadge = class extends Component {
	static template = "integration_monitor.IntegrationStateBadge";
	static props = { ...standardFieldProps };
	get look() {
		return describeIntegrationState(this.props.record.data[this.props.name]);
	}
};
/** The badge of a form, which listens to its document. */
var LiveIntegrationStateBadge = class extends IntegrationStateBadge {
	setup() {
		super.setup();
		useLiveRecord({
			getRecord: () => this.props.record,
			getSource: (record, resId) => documentHints(record.resModel, resId),
			isRelevant: (payload) => isAboutDocument(payload, this.props.record.resModel, this.props.record.resId),
			isUnsettled: (record) => record.data[this.props.name] === "pending",
			spacingMs: 500
		});
	}
};
var description = {
	displayName: _t("Integration state"),
	supportedTypes: ["selection"],
	/** Least and greatest width of its column, in px: the longest state is not cut off. */
	listViewWidth: [135, 160]
};
registry.category("fields").add("integration_state_badge", {
	...description,
	component: IntegrationStateBadge
});
registry.category("fields").add("form.integration_state_badge", {
	...description,
	component: LiveIntegrationStateBadge
});
export { IntegrationStateBadge, LiveIntegrationStateBadge };
