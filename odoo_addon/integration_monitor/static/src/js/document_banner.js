import { parseCases } from "./document_cases.js";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
// web/src/document_banner.ts
/**
* View widget `integration_document_banner`: says on a document that a person is needed, and lets this person
* act. It shows nothing as long as nobody is needed. Odoo decides who may act and words the cases; every
* action asks again there.
*/
/** More of them are counted and shown in the list of deliveries. */
var CASES_MAX = 3;
var CANCEL_WIZARD = "integration_monitor.integration_delivery_cancel_wizard_action";
var IntegrationDocumentBanner = class extends Component {
	static template = "integration_monitor.DocumentBanner";
	static props = { ...standardWidgetProps };
	get cases() {
		return parseCases(this.props.record.data.integration_cases);
	}
	get shownCases() {
		return this.cases.slice(0, CASES_MAX);
	}
	get hiddenCount() {
		return this.cases.length - this.shownCases.length;
	}
	get moreLabel() {
		return _t("And %(count)s more: see all deliveries", { count: this.hiddenCount });
	}
	/** For who may see the case but not act. */
	phraseAsk({ askWhom }) {
		return askWhom ? _t("You may see this but not send it again. Ask %(name)s, who takes care of it.", { name: askWhom }) : _t("You may see this but not send it again. Ask a colleague who may edit this document, or an integration operator.");
	}
	retry({ deliveryId }) {
		return this.click("object", "action_retry", {
			resModel: "integration.delivery",
			resId: deliveryId
		});
	}
	sendCurrent({ deliveryId }) {
		return this.click("object", "action_send_current", {
			resModel: "integration.delivery",
			resId: deliveryId
		});
	}
	giveUp({ deliveryId }) {
		return this.click("action", CANCEL_WIZARD, {
			resModel: "integration.delivery",
			resId: deliveryId
		});
	}
	showTimeline() {
		return this.click("object", "action_view_integration_timeline", this.props.record);
	}
	showDeliveries() {
		return this.click("object", "action_view_integration_deliveries", this.props.record);
	}
	click(type, name, { resModel, resId }) {
		return this.env.onClickViewButton({
			clickParams: {
				type,
				name
			},
			getResParams: () => ({
				resModel,
				resId,
				resIds: resId ? [resId] : [],
				context: {},
				evalContext: {}
			})
		});
	}
};
registry.category("view_widgets").add("integration_document_banner", {
	component: IntegrationDocumentBanner,
	fieldDependencies: [{
		name: "integration_cases",
		type: "json"
	}]
});
export { IntegrationDocumentBanner };
