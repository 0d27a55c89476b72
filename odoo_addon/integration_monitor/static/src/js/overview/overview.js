import { MONITOR_HINTS } from "../bus_hints.js";
import { openRecord } from "../delivery_actions.js";
import { useLiveRefresh } from "../live_refresh.js";
import { listCards } from "./overview_cards.js";
import { parseOverview } from "./overview_data.js";
import { findFindings, rateFinding } from "./overview_summary.js";
import { describeHealth, phraseAge, phraseFinding, phraseInstant, phraseNextTry } from "./overview_words.js";
import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
// web/src/overview/overview.ts
/**
* Client action `integration_monitor.overview`: says in one sentence whether everything flows, and shows
* the numbers behind it. Odoo computes them; `overview_summary.ts` decides what is worth saying.
*/
/** Heartbeats change without any hint, so the page also asks by itself. */
var HEARTBEAT_REFRESH_MS = 15e3;
/** Least time between two refreshes, in ms. */
var REFRESH_SPACING_MS = 1e3;
var IntegrationOverview = class extends Component {
	static template = "integration_monitor.Overview";
	static props = { ...standardActionServiceProps };
	static components = { Layout };
	setup() {
		this.orm = useService("orm").silent;
		this.action = useService("action");
		this.state = useState({
			overview: null,
			error: ""
		});
		this.words = { describeHealth };
		const gate = useLiveRefresh({
			getSource: () => MONITOR_HINTS,
			refresh: () => this.loadOverview(),
			spacingMs: REFRESH_SPACING_MS
		});
		onWillStart(async () => {
			this.isManager = await user.hasGroup("integration_monitor.group_manager");
		});
		let timer = 0;
		onMounted(() => {
			this.loadOverview();
			timer = browser.setInterval(() => gate.request(), HEARTBEAT_REFRESH_MS);
		});
		onWillUnmount(() => browser.clearInterval(timer));
	}
	async loadOverview() {
		try {
			this.state.overview = parseOverview(await this.orm.call("integration.delivery", "get_overview"));
			this.state.error = "";
		} catch (error) {
			this.state.error = phraseLoadError(error);
		}
	}
	get severity() {
		return this.state.overview ? rateFinding(findFindings(this.state.overview)[0]) : "info";
	}
	/** The headline first, then the rest of what is worth saying. */
	get sentences() {
		const { overview } = this.state;
		return overview ? findFindings(overview).map((finding) => phraseFinding(finding, overview.serverTimeMs)) : [];
	}
	get cards() {
		return this.state.overview ? listCards(this.state.overview) : [];
	}
	formatAge(instantMs) {
		return phraseAge(instantMs, this.state.overview?.serverTimeMs ?? 0);
	}
	formatInstant(instantMs) {
		return instantMs === null ? "" : phraseInstant(instantMs, this.state.overview?.serverTimeMs ?? 0);
	}
	formatNextTry(endpoint) {
		return phraseNextTry(endpoint, this.state.overview?.serverTimeMs ?? 0);
	}
	open(request) {
		this.action.doAction(request);
	}
	openEndpoint(endpoint) {
		this.open(openRecord("integration.endpoint", endpoint.id));
	}
	createEndpoint() {
		this.open({
			type: "ir.actions.act_window",
			name: _t("New endpoint"),
			res_model: "integration.endpoint",
			views: [[false, "form"]]
		});
	}
};
function phraseLoadError(error) {
	if (!(error instanceof RPCError)) return _t("Odoo cannot be reached, or answered something unexpected. The page tries again by itself.");
	return error.exceptionName === "odoo.exceptions.AccessError" && error.data?.message ? error.data.message : _t("Odoo could not compute the overview. The page tries again by itself.");
}
registry.category("actions").add("integration_monitor.overview", IntegrationOverview);
export { IntegrationOverview };
