import { openRecord } from "../delivery_actions.js";
import { phraseServerError } from "../server_error.js";
import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
// web/src/setup/finish_steps.ts
/** The last two steps: try it with a real record, then let it run. */
var EndpointActionStep = class extends Component {
	static props = {
		endpoint: Object,
		isSidecarAlive: Boolean,
		reload: Function
	};
	setup() {
		this.orm = useService("orm");
		this.action = useService("action");
		this.state = useState({
			isBusy: false,
			error: ""
		});
	}
	async call(method) {
		this.state.isBusy = true;
		this.state.error = "";
		try {
			return await this.orm.call("integration.endpoint", method, [[this.props.endpoint.id]]);
		} catch (error) {
			this.state.error = phraseServerError(error);
			return null;
		} finally {
			this.state.isBusy = false;
		}
	}
	openEndpoint() {
		this.action.doAction(openRecord("integration.endpoint", this.props.endpoint.id));
	}
};
var TestStep = class extends EndpointActionStep {
	static template = "integration_monitor.TestStep";
	get introduction() {
		return _t("Send one event about a document of your choice to %(endpoint)s, and read what it answers. It is marked as a test and counts in no figure.", { endpoint: this.props.endpoint.name });
	}
	async send() {
		const action = await this.call("action_send_test");
		if (action) await this.action.doAction(action, { onClose: () => this.props.reload() });
	}
	get outcome() {
		switch (this.props.endpoint.testState) {
			case "": return "";
			case "delivered":
			case "acknowledged": return _t("The last test was taken.");
			case "pending":
			case "queued": return _t("The last test is on its way.");
			default: return _t("The last test was not taken. Open the endpoint to read its answer.");
		}
	}
	get isTaken() {
		return ["delivered", "acknowledged"].includes(this.props.endpoint.testState);
	}
};
var ActivateStep = class extends EndpointActionStep {
	static template = "integration_monitor.ActivateStep";
	get introduction() {
		return _t("From then on %(endpoint)s gets each of the chosen events. You can pause it at any time: what happens meanwhile waits.", { endpoint: this.props.endpoint.name });
	}
	get finished() {
		return _t("%(endpoint)s is active.", { endpoint: this.props.endpoint.name });
	}
	async activate() {
		await this.call("action_activate");
		await this.props.reload();
	}
	/** What is missing before it makes sense; empty when nothing is. */
	get obstacle() {
		if (this.props.endpoint.eventTypeIds.length === 0) return _t("Choose at least one event first (step 3).");
		return "";
	}
	openOverview() {
		this.action.doAction("integration_monitor.integration_monitor_action_overview", { clearBreadcrumbs: true });
	}
	openDeliveries() {
		this.action.doAction({
			type: "ir.actions.act_window",
			name: this.props.endpoint.name,
			res_model: "integration.delivery",
			domain: [[
				"endpoint_id",
				"=",
				this.props.endpoint.id
			]],
			views: [[false, "list"], [false, "form"]]
		});
	}
};
export { ActivateStep, TestStep };
