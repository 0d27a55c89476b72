import { parseSample } from "../mapping/event_sample.js";
import { describeSample } from "../mapping/mapping_words.js";
import { phraseServerError } from "../server_error.js";
import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Dialog } from "@web/core/dialog/dialog";
import { CopyButton } from "@web/core/copy_button/copy_button";
// web/src/setup/sample_dialog.ts
/** What an event of a type looks like, and its JSON Schema; opened by the set-up and by the catalogue. */
var SampleDialog = class extends Component {
	static template = "integration_monitor.SampleDialog";
	static props = {
		eventTypeId: Number,
		name: String,
		close: Function
	};
	static components = {
		Dialog,
		CopyButton
	};
	setup() {
		this.orm = useService("orm").silent;
		this.state = useState({
			part: "payload",
			sample: null,
			error: ""
		});
		onWillStart(() => {
			this.load();
		});
	}
	async load() {
		this.state.error = "";
		try {
			const answer = await this.orm.call("integration.event.type", "get_sample", [[this.props.eventTypeId]]);
			const sample = parseSample(answer);
			this.state.sample = {
				note: phraseNote(sample),
				payload: layOut(sample.event.data),
				schema: layOut(sample.schema)
			};
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
	}
	get title() {
		return _t("What “%(name)s” tells", { name: this.props.name });
	}
	get copied() {
		return _t("Copied");
	}
	show(part) {
		this.state.part = part;
	}
};
function phraseNote(sample) {
	const { isMadeUp, recordName } = sample;
	return [isMadeUp ? "" : _t("As it would be sent now for %(record)s.", { record: recordName }), describeSample(sample)].join(" ").trim();
}
function layOut(value) {
	return JSON.stringify(value, null, 2);
}
/** For buttons of list and form views: a method of the server answers with this action. */
function openSample(env, action) {
	env.services.dialog.add(SampleDialog, {
		eventTypeId: action.params.event_type_id,
		name: action.params.name
	});
}
registry.category("actions").add("integration_monitor.event_sample", openSample);
export { SampleDialog, openSample };
