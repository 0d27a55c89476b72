import { documentHints } from "./bus_hints.js";
import { useLiveRefresh } from "./live_refresh.js";
import { describeIntegrationState } from "./state_look.js";
import { Component, useEffect, useState } from "@odoo/owl";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FetchRecordError } from "@web/model/relational_model/errors";
// web/src/integration_state_badge.ts
/**
* Field widget `integration_state_badge`: the integration state of a document as a badge with words.
*
* In a form it also keeps the whole record up to date: the badge, the counts and the banner are fields of
* the same record, so one reload refreshes them together. It never reloads over unsaved changes; it waits
* until the record is saved or the changes are discarded. The field must therefore stay visible in the
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
		this.isStale = false;
		this.typing = useState({ isTyping: false });
		const gate = useLiveRefresh({
			getSource: () => {
				const { resModel, resId } = this.props.record;
				return resId ? documentHints(resModel, resId) : null;
			},
			isRelevant: (payload) => isAboutRecord(payload, this.props.record),
			refresh: () => this.reloadRecord(),
			spacingMs: 0
		});
		useBus(this.props.record.model.bus, "FIELD_IS_DIRTY", ({ detail }) => {
			this.typing.isTyping = Boolean(detail);
		});
		useEffect((isBusy) => {
			if (!isBusy && this.isStale) gate.request();
		}, () => [this.isBusy]);
	}
	/** Whether a reload would take something from the person at the screen. */
	get isBusy() {
		const { record } = this.props;
		return record.dirty || this.typing.isTyping || Object.values(record.data).some(hasEditedRow);
	}
	async reloadRecord() {
		this.isStale = this.isBusy;
		if (this.isStale || !this.props.record.resId) return;
		try {
			await this.props.record.load();
		} catch (error) {
			if (!(error instanceof RPCError || error instanceof FetchRecordError)) throw error;
		}
	}
};
function isAboutRecord(payload, record) {
	return typeof payload === "object" && payload !== null && "res_model" in payload && "res_id" in payload && payload.res_model === record.resModel && payload.res_id === record.resId;
}
/** True for a One2many value in which a row is open for editing. */
function hasEditedRow(value) {
	return typeof value === "object" && value !== null && "editedRecord" in value && Boolean(value.editedRecord);
}
var description = {
	displayName: _t("Integration state"),
	supportedTypes: ["selection"]
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
