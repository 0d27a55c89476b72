import { listPaths, searchPaths } from "./event_paths.js";
import { parseSample } from "./event_sample.js";
import { mappingEngine } from "./mapping_engine.js";
import { MappingRunner } from "./mapping_runner.js";
import { describeOutcome, describeSample } from "./mapping_words.js";
import { markPlace } from "./marked_text.js";
import { onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { TextField, textField } from "@web/views/fields/text/text_field";
// web/src/mapping/integration_mapping.ts
/**
* Field widget `integration_mapping`: a JSONata expression with the fields it can use, and its result for a real
* document while one types. Odoo renders the event, a worker applies the expression; nothing is sent.
*/
/** Least quiet after a key before the result is made anew, in ms. */
var PAUSE_MS = 200;
var IntegrationMappingField = class extends TextField {
	static template = "integration_monitor.MappingField";
	static components = {
		...TextField.components,
		RecordSelector
	};
	setup() {
		super.setup();
		this.orm = useService("orm").silent;
		this.sampleKey = "";
		this.chosenId = false;
		this.state = useState({
			text: "",
			sample: null,
			error: "",
			isLoading: false,
			outcome: null,
			search: ""
		});
		this.runner = new MappingRunner({
			openWorker: () => mappingEngine.openWorker(),
			schedule: (callback, delayMs) => {
				const timer = browser.setTimeout(callback, delayMs);
				return () => browser.clearTimeout(timer);
			},
			onOutcome: (outcome) => this.showOutcome(outcome)
		});
		useRecordObserver((record) => this.followRecord(record));
		onWillDestroy(() => {
			browser.clearTimeout(this.pause);
			this.runner.close();
		});
	}
	pause = 0;
	get marked() {
		const { outcome, text } = this.state;
		return markPlace(text, outcome?.kind === "refused" ? outcome.place : void 0);
	}
	get paths() {
		const { sample, search } = this.state;
		return sample ? searchPaths(listPaths(sample.event, sample.labels), search) : [];
	}
	get original() {
		const { sample } = this.state;
		return sample ? JSON.stringify(sample.event.data, null, 2) : "";
	}
	get preview() {
		return describeOutcome(this.state.text, this.state.outcome);
	}
	get sampleNote() {
		return this.state.sample ? describeSample(this.state.sample) : "";
	}
	/** Another event type, another filter, or a text that was not typed here. */
	followRecord(record) {
		const eventTypeId = readId(record.data.event_type_id);
		const filter = record.data.filter_domain || false;
		const text = String(record.data[this.props.name] || "");
		if (text !== this.state.text && !this.isTyping) this.takeText(text);
		const key = JSON.stringify([eventTypeId, filter]);
		if (key === this.sampleKey || this.props.readonly) return;
		if (eventTypeId !== readKey(this.sampleKey)) this.chosenId = false;
		this.sampleKey = key;
		if (eventTypeId) this.loadSample();
		else this.state.sample = null;
	}
	/** What can never work is not taken over; what fails on this one document may do for others. */
	parse(value) {
		if (value === this.state.text && this.isUnusable) throw new Error("the expression cannot be read");
		return super.parse(value);
	}
	get isUnusable() {
		const { outcome } = this.state;
		return outcome?.kind === "refused" && outcome.cause === "expression";
	}
	get isTyping() {
		const area = this.textareaRef.el;
		return area !== null && area.ownerDocument.activeElement === area;
	}
	async loadSample() {
		const { sampleKey, chosenId } = this;
		const [eventTypeId, filter] = JSON.parse(sampleKey);
		this.state.isLoading = true;
		try {
			const answer = await this.orm.call("integration.event.type", "get_sample", [[eventTypeId]], {
				res_id: chosenId,
				filter_domain: filter
			});
			if (sampleKey !== this.sampleKey || chosenId !== this.chosenId) return;
			this.state.sample = parseSample(answer);
			this.state.error = "";
			this.tryMapping();
		} catch (error) {
			if (sampleKey === this.sampleKey) this.state.error = phraseError(error);
		} finally {
			if (sampleKey === this.sampleKey) this.state.isLoading = false;
		}
	}
	chooseRecord(resId) {
		this.chosenId = resId;
		this.loadSample();
	}
	onInput() {
		this.takeText(this.textareaRef.el?.value ?? "");
	}
	onScroll(event) {
		const area = event.target;
		const backdrop = area.previousElementSibling;
		if (backdrop) backdrop.scrollTop = area.scrollTop;
	}
	takeText(text) {
		this.state.text = text;
		if (this.isUnusable) this.state.outcome = null;
		browser.clearTimeout(this.pause);
		this.pause = browser.setTimeout(() => this.tryMapping(), PAUSE_MS);
	}
	tryMapping() {
		const { sample, text } = this.state;
		if (text.trim() === "") this.showOutcome(null);
		else if (sample) this.runner.run(text, sample.text);
	}
	showOutcome(outcome) {
		this.state.outcome = outcome;
		const { record, name, readonly } = this.props;
		if (readonly) return;
		if (this.isUnusable) record.setInvalidField(name);
		else record.resetFieldValidity(name);
	}
	insert(path) {
		const area = this.textareaRef.el;
		if (!area) return;
		area.focus();
		area.setRangeText(path, area.selectionStart, area.selectionEnd, "end");
		area.dispatchEvent(new Event("input", { bubbles: true }));
		area.dispatchEvent(new Event("change", { bubbles: true }));
	}
	goToPlace() {
		const area = this.textareaRef.el;
		const { outcome } = this.state;
		if (!area || outcome?.kind !== "refused" || !outcome.place) return;
		area.focus();
		area.setSelectionRange(outcome.place.offset, outcome.place.offset + outcome.place.length);
	}
};
/** A Many2one's value is an object with its id, or false. */
function readId(value) {
	return typeof value === "object" && value !== null && "id" in value ? Number(value.id) : 0;
}
function readKey(key) {
	return key === "" ? 0 : Number(JSON.parse(key)[0]);
}
function phraseError(error) {
	return (error instanceof RPCError ? error.data?.message : void 0) ?? _t("Odoo cannot be reached, so there is no sample. Your expression is kept.");
}
registry.category("fields").add("integration_mapping", {
	...textField,
	component: IntegrationMappingField,
	fieldDependencies: [{
		name: "event_type_id",
		type: "many2one"
	}, {
		name: "filter_domain",
		type: "char"
	}]
});
export { IntegrationMappingField };
