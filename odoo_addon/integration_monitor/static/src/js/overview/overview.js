import { MONITOR_HINTS } from "../bus_hints.js";
import { openRecord } from "../delivery_actions.js";
import { useLiveRefresh } from "../live_refresh.js";
import { phraseAge, phraseCount, phraseDocuments, phraseInstant, phraseMoney } from "./overview_amounts.js";
import { describePeriod, listCards } from "./overview_cards.js";
import { IntegrationOverviewChart } from "./overview_chart.js";
import { listCharts } from "./overview_charts.js";
import { PERIODS } from "./overview_data.js";
import { describeReport, saveAsCsv } from "./overview_export.js";
import { ENDPOINTS_ACTION, FAILED, WAITING, openAttempts, openDeliveries, openDocuments, openFinding } from "./overview_lists.js";
import { adviseOnWorker, describeBroker, describeHealth, describeProcess } from "./overview_looks.js";
import { parseOverview } from "./overview_parse.js";
import { findFindings, rateFinding } from "./overview_summary.js";
import { phraseAllEndpoints, phraseFailed, phraseFinding, phraseHeldUp, phraseLastSeen, phraseLoadError, phraseNextTry, phraseOldest, phraseSince, phraseVersion, phraseWaiting } from "./overview_words.js";
import { drawSparkline } from "./sparkline.js";
import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
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
/** What the templates call. */
var WORDS = {
	adviseOnWorker,
	describeBroker,
	describeProcess,
	describeHealth,
	describePeriod,
	phraseCount,
	phraseDocuments,
	phraseMoney,
	phraseAllEndpoints,
	phraseFailed,
	phraseHeldUp,
	phraseLastSeen,
	phraseOldest,
	phraseSince,
	phraseVersion,
	phraseWaiting,
	drawSparkline,
	sparklineBox: `0 0 160 32`
};
var IntegrationOverview = class extends Component {
	static template = "integration_monitor.Overview";
	static props = { ...standardActionServiceProps };
	static components = {
		Layout,
		IntegrationOverviewChart
	};
	setup() {
		this.orm = useService("orm").silent;
		this.action = useService("action");
		this.state = useState({
			overview: null,
			error: "",
			period: "24h",
			companyId: null
		});
		this.words = WORDS;
		this.periods = PERIODS;
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
		const { period, companyId } = this.state;
		const isCurrent = () => period === this.state.period && companyId === this.state.companyId;
		try {
			const wanted = {
				period,
				company_id: companyId ?? false
			};
			const answer = await this.orm.call("integration.delivery", "get_overview", [], wanted);
			if (isCurrent()) {
				this.state.overview = parseOverview(answer);
				this.state.error = "";
			}
		} catch (error) {
			if (isCurrent()) this.state.error = phraseLoadError(error);
		}
	}
	choosePeriod(period) {
		this.state.period = period;
		this.loadOverview();
	}
	/** @param value of the option: an id, or empty for all */
	chooseCompany(value) {
		this.state.companyId = value === "" ? null : Number(value);
		this.loadOverview();
	}
	get severity() {
		return this.state.overview ? rateFinding(findFindings(this.state.overview)[0]) : "info";
	}
	/** The headline first, then the rest of what is worth saying. */
	get sentences() {
		const { overview } = this.state;
		if (!overview) return [];
		return findFindings(overview).map((finding) => ({
			...phraseFinding(finding, overview.serverTimeMs),
			request: openFinding(overview, finding)
		}));
	}
	get cards() {
		return this.state.overview ? listCards(this.state.overview) : [];
	}
	get charts() {
		return this.state.overview ? listCharts(this.state.overview) : [];
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
	/** What is held up, one group for each document: of all, of a process or of an endpoint. */
	openHeld(name, ...parts) {
		this.openWith((overview) => openDocuments(overview, name, overview.domains.held, ...parts));
	}
	openWaiting(name, ...parts) {
		this.openWith((overview) => openDeliveries(overview, name, WAITING, ...parts));
	}
	openFailed(name, ...parts) {
		this.openWith((overview) => openDeliveries(overview, name, FAILED, ...parts));
	}
	openTraffic(endpoint) {
		this.openWith((overview) => openAttempts(overview, [
			"delivered",
			"retry",
			"failed"
		], null, endpoint.id));
	}
	openEndpoint(endpoint) {
		this.open(openRecord("integration.endpoint", endpoint.id));
	}
	openEndpoints() {
		this.open(ENDPOINTS_ACTION);
	}
	openSetup() {
		this.open("integration_monitor.integration_monitor_action_setup");
	}
	exportCsv() {
		if (this.state.overview) saveAsCsv(this.state.overview);
	}
	async print() {
		if (this.state.overview) this.open(await describeReport(this.state.overview));
	}
	openWith(choose) {
		if (this.state.overview) this.open(choose(this.state.overview));
	}
};
registry.category("actions").add("integration_monitor.overview", IntegrationOverview);
export { IntegrationOverview };
