import { readFields, readText } from "../answer_fields.js";
import { phraseServerError } from "../server_error.js";
import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { _t } from "@web/core/l10n/translation";
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
			const answer = await this.orm.call("integration.event.type", "get_example", [[this.props.eventTypeId]]);
			const fields = readFields(answer, "get_example()");
			this.state.error = readText(fields, "error");
			this.state.sample = {
				origin: phraseOrigin(readText(fields, "source"), readText(fields, "record_name")),
				payload: readText(fields, "payload"),
				schema: readText(fields, "schema")
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
function phraseOrigin(source, recordName) {
	switch (source) {
		case "event": return _t("As it was last recorded, for %(record)s.", { record: recordName });
		case "record": return _t("As it would be sent now for %(record)s.", { record: recordName });
		case "invented": return _t("Made-up values: there is no record yet that you may see.");
		default: return "";
	}
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
