import { phraseAttempt, phraseDuration } from "../attempt_look.js";
import { documentHints, isAboutDocument } from "../bus_hints.js";
import { repeatWithGrowingPauses } from "../growing_pauses.js";
import { useLiveRefresh } from "../live_refresh.js";
import { describeIntegrationState } from "../state_look.js";
import { drawEntry } from "./entry_look.js";
import { filterEntries, isUnsettled, parseTimeline } from "./timeline_data.js";
import { Component, onMounted, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
// web/src/timeline/document_timeline.ts
/**
* Client action `integration_monitor.document_timeline`: what happened to a document's events, from what was
* done in Odoo to what the other systems answered, and what comes next. Opened over the document, it follows
* it by itself.
*/
/** Least time between two refreshes, in ms. */
var REFRESH_SPACING_MS = 500;
/** What the template calls. */
var WORDS = {
	drawEntry,
	phraseAttempt,
	phraseDuration
};
var DocumentTimeline = class extends Component {
	static template = "integration_monitor.DocumentTimeline";
	static props = { ...standardActionServiceProps };
	setup() {
		this.orm = useService("orm").silent;
		this.action = useService("action");
		this.state = useState({
			timeline: null,
			error: "",
			systemId: null
		});
		this.words = WORDS;
		const { res_model: resModel, res_id: resId } = this.document;
		const gate = useLiveRefresh({
			getSource: () => documentHints(resModel, resId),
			isRelevant: (payload) => isAboutDocument(payload, resModel, resId),
			refresh: () => this.load(),
			spacingMs: REFRESH_SPACING_MS
		});
		onMounted(() => this.load());
		useEffect((isMoving) => isMoving ? repeatWithGrowingPauses(() => gate.request()) : void 0, () => [this.state.timeline !== null && isUnsettled(this.state.timeline)]);
	}
	get document() {
		return this.props.action.params;
	}
	get entries() {
		return this.state.timeline ? filterEntries(this.state.timeline, this.state.systemId) : [];
	}
	get hiddenNote() {
		return _t("%(count)s older deliveries are not shown here.", { count: this.state.timeline?.hiddenCount ?? 0 });
	}
	async load() {
		const { res_model: resModel, res_id: resId } = this.document;
		try {
			const answer = await this.orm.call("integration.delivery", "get_document_timeline", [resModel, resId]);
			this.state.timeline = parseTimeline(answer);
			this.state.error = "";
		} catch (error) {
			this.state.error = phraseLoadError(error);
		}
	}
	describeState(state) {
		return describeIntegrationState(state);
	}
	formatInstant(atMs) {
		return atMs === null ? "" : toLocaleDateTimeString(luxon.DateTime.fromMillis(atMs), { showSeconds: true });
	}
	showSystem(systemId) {
		this.state.systemId = systemId;
	}
	openDeliveries() {
		const { res_model: resModel, res_id: resId } = this.document;
		const request = {
			type: "ir.actions.act_window",
			name: _t("Deliveries"),
			res_model: "integration.delivery",
			domain: [[
				"res_model",
				"=",
				resModel
			], [
				"res_id",
				"=",
				resId
			]],
			views: [[false, "list"], [false, "form"]],
			context: { create: false }
		};
		this.action.doAction(request);
	}
};
function phraseLoadError(error) {
	if (!(error instanceof RPCError)) return _t("Odoo cannot be reached, or answered something unexpected.");
	return error.data?.message || _t("Odoo could not read what happened.");
}
registry.category("actions").add("integration_monitor.document_timeline", DocumentTimeline);
export { DocumentTimeline };
