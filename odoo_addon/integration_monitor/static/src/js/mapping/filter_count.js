import { parseFilterCount } from "./filter_count_data.js";
import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatInteger } from "@web/views/fields/formatters";
// web/src/mapping/filter_count.ts
/** View widget `integration_filter_count`: how many documents a subscription's filter lets through, as one edits it. */
/** Least quiet after a change before it is counted anew, in ms. */
var PAUSE_MS = 300;
var IntegrationFilterCount = class extends Component {
	static template = "integration_monitor.FilterCount";
	static props = { ...standardWidgetProps };
	setup() {
		this.orm = useService("orm").silent;
		this.state = useState({
			count: null,
			hasFailed: false
		});
		this.key = "";
		this.pause = 0;
		useRecordObserver((record) => this.followRecord(record));
		onWillDestroy(() => browser.clearTimeout(this.pause));
	}
	get sentence() {
		const { count, hasFailed } = this.state;
		if (hasFailed) return _t("Odoo cannot be reached, so nothing was counted.");
		return count ? phraseCount(count, this.hasFilter) : _t("Counting…");
	}
	get hasFilter() {
		return !["", "[]"].includes(String(this.props.record.data.filter_domain || ""));
	}
	followRecord(record) {
		const eventType = record.data.event_type_id;
		const eventTypeId = typeof eventType === "object" && eventType !== null && "id" in eventType ? eventType.id : 0;
		const key = JSON.stringify([eventTypeId, record.data.filter_domain || false]);
		if (key === this.key) return;
		this.key = key;
		this.state.count = null;
		browser.clearTimeout(this.pause);
		if (eventTypeId) this.pause = browser.setTimeout(() => this.load(), PAUSE_MS);
	}
	async load() {
		const { key } = this;
		try {
			const answer = await this.orm.call("integration.subscription", "count_matching", JSON.parse(key));
			if (key !== this.key) return;
			this.state.count = parseFilterCount(answer);
			this.state.hasFailed = false;
		} catch {
			this.state.hasFailed = key === this.key;
		}
	}
};
function phraseCount(count, hasFilter) {
	switch (count.state) {
		case "no_access": return "";
		case "invalid": return _t("This filter cannot be used as it stands. Correct it before you save.");
		case "slow": return _t("There are too many documents to count them quickly. The filter works all the same.");
		case "counted": return phraseNumbers(count, hasFilter);
	}
}
function phraseNumbers(count, hasFilter) {
	const numbers = {
		matching: phraseNumber(count.matching, count.limit),
		total: phraseNumber(count.total, count.limit),
		days: count.days
	};
	if (count.days === 0) return _t("%(matching)s of %(total)s documents would be sent.", numbers);
	if (count.total === 0) return _t("No document of the last %(days)s days fits this event, so there is nothing to count.", numbers);
	if (!hasFilter) return _t("No filter: all documents are sent. There were %(total)s in the last %(days)s days.", numbers);
	return _t("%(matching)s of the %(total)s documents of the last %(days)s days would be sent.", numbers);
}
/** "1,204", or "10,000+" where counting ended. */
function phraseNumber(value, limit) {
	return value > limit ? `${formatInteger(limit)}+` : formatInteger(value);
}
registry.category("view_widgets").add("integration_filter_count", {
	component: IntegrationFilterCount,
	fieldDependencies: [{
		name: "event_type_id",
		type: "many2one"
	}, {
		name: "filter_domain",
		type: "char"
	}]
});
export { IntegrationFilterCount, phraseCount };
