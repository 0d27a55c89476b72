import { MONITOR_HINTS } from "./bus_hints.js";
import { EXCEPTIONS_ACTION, FAILED_DELIVERIES, openRecord } from "./delivery_actions.js";
import { useLiveRefresh } from "./live_refresh.js";
import { phraseAge } from "./overview/overview_amounts.js";
import { Component, onMounted, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";
// web/src/exception_menu.ts
/**
* Systray entry `integration_monitor.systray`: how many deliveries need a person, and the latest of them.
* It is invisible while there are none, and for people who may not see any.
*/
/** Every open tab of every user counts: hints are frequent, so the counter follows them at a distance. */
var COUNT_SPACING_MS = 5e3;
/** Deliveries shown in the menu. */
var ROWS_MAX = 5;
var ExceptionMenu = class extends Component {
	static template = "integration_monitor.ExceptionMenu";
	static props = {};
	static components = {
		Dropdown,
		DropdownItem
	};
	setup() {
		this.orm = useService("orm").silent;
		this.action = useService("action");
		this.state = useState({
			count: 0,
			rows: [],
			listState: "loading"
		});
		useLiveRefresh({
			getSource: () => MONITOR_HINTS,
			refresh: () => this.loadCount(),
			spacingMs: COUNT_SPACING_MS
		});
		onMounted(() => this.loadCount());
	}
	async loadCount() {
		try {
			this.state.count = parseCount(await this.orm.call("integration.delivery", "get_exception_count"));
		} catch (error) {
			hideRefusal(error);
			this.state.count = 0;
		}
	}
	/** The menu opens at once and fills when the answer is there. */
	onOpen() {
		this.state.listState = "loading";
		this.loadRows();
		this.loadCount();
	}
	async loadRows() {
		try {
			const { records } = await this.orm.webSearchRead("integration.delivery", FAILED_DELIVERIES, {
				specification: {
					display_name: {},
					case_summary: {},
					waiting_since: {}
				},
				limit: ROWS_MAX,
				order: "state_changed_at desc, id desc"
			});
			const nowMs = Date.now();
			this.state.rows = records.map((record) => toExceptionRow(record, nowMs));
			this.state.listState = "loaded";
		} catch (error) {
			hideRefusal(error);
			this.state.listState = "unavailable";
		}
	}
	openDelivery(row) {
		this.action.doAction(openRecord("integration.delivery", row.id));
	}
	openAll() {
		this.action.doAction(EXCEPTIONS_ACTION, { clearBreadcrumbs: true });
	}
};
function toExceptionRow(record, nowMs) {
	return {
		id: Number(record.id),
		name: String(record.display_name),
		summary: typeof record.case_summary === "string" ? record.case_summary : "",
		since: phraseSince(record.waiting_since, nowMs)
	};
}
/** Odoo's times are UTC and do not say so: "2026-11-20 08:31:54". */
function phraseSince(value, nowMs) {
	const sinceMs = typeof value === "string" ? Date.parse(`${value.replace(" ", "T")}Z`) : NaN;
	return Number.isNaN(sinceMs) ? "" : phraseAge(sinceMs, nowMs);
}
function parseCount(answer) {
	const count = typeof answer === "object" && answer !== null && "count" in answer ? answer.count : 0;
	return typeof count === "number" ? count : 0;
}
/** A server that refuses leaves the entry empty; lost connections stay visible through Odoo's own notice. */
function hideRefusal(error) {
	if (!(error instanceof RPCError)) throw error;
}
registry.category("systray").add("integration_monitor.systray", { Component: ExceptionMenu }, { sequence: 25 });
export { ExceptionMenu };
