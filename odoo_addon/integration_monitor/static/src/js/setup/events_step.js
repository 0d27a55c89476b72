import { phraseServerError } from "../server_error.js";
import { SampleDialog } from "./sample_dialog.js";
import { groupEvents } from "./setup_steps.js";
import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
// web/src/setup/events_step.ts
/** Third step: what the endpoint hears of, chosen from the catalogue. */
var EventsStep = class extends Component {
	static template = "integration_monitor.EventsStep";
	static props = {
		endpoint: Object,
		catalogue: Array,
		onSaved: Function
	};
	setup() {
		this.orm = useService("orm");
		this.action = useService("action");
		this.dialog = useService("dialog");
		this.state = useState({
			chosenIds: new Set(this.props.endpoint.eventTypeIds),
			isBusy: false,
			error: ""
		});
		onWillUpdateProps(({ endpoint }) => {
			if (endpoint.id !== this.props.endpoint.id) this.state.chosenIds = new Set(endpoint.eventTypeIds);
		});
	}
	get groups() {
		return groupEvents(this.props.catalogue);
	}
	get introduction() {
		return _t("Choose what %(endpoint)s hears of. Filters and order are set later on the endpoint, if needed.", { endpoint: this.props.endpoint.name });
	}
	get saveLabel() {
		const count = this.state.chosenIds.size;
		return count === 1 ? _t("Send this 1 event") : _t("Send these %(count)s events", { count });
	}
	/** Why nothing can be saved; empty when it can. */
	get obstacle() {
		return this.state.chosenIds.size > 0 ? "" : _t("Choose at least one event");
	}
	toggle(entry) {
		if (!this.state.chosenIds.delete(entry.id)) this.state.chosenIds.add(entry.id);
	}
	showSample(entry) {
		this.dialog.add(SampleDialog, {
			eventTypeId: entry.id,
			name: entry.name
		});
	}
	addEventType() {
		this.action.doAction({
			type: "ir.actions.act_window",
			name: _t("New event type"),
			res_model: "integration.event.type",
			views: [[false, "form"]]
		});
	}
	async save() {
		this.state.isBusy = true;
		this.state.error = "";
		try {
			await this.orm.call("integration.setup", "choose_events", [], {
				endpoint_id: this.props.endpoint.id,
				event_type_ids: [...this.state.chosenIds]
			});
			await this.props.onSaved();
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
		this.state.isBusy = false;
	}
};
export { EventsStep };
