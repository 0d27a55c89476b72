import { phraseServerError } from "../server_error.js";
import { listRows, parseLevel } from "./field_tree.js";
import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useService } from "@web/core/utils/hooks";
import { Dialog } from "@web/core/dialog/dialog";
// web/src/field_picker/field_picker.ts
/**
* View widget `integration_field_picker` on the form of an event type: chooses its fields from a tree that
* shows the values of a real record. The event type is saved first, because the server reads the record.
*/
var FieldPickerDialog = class extends Component {
	static template = "integration_monitor.FieldPickerDialog";
	static props = {
		eventTypeId: Number,
		paths: Array,
		onChosen: Function,
		close: Function
	};
	static components = { Dialog };
	setup() {
		this.orm = useService("orm");
		this.state = useState({
			levels: /* @__PURE__ */ new Map(),
			unfolded: /* @__PURE__ */ new Set(),
			chosen: new Set(this.props.paths),
			search: "",
			error: "",
			isBusy: false
		});
		onWillStart(() => {
			this.load("");
		});
	}
	async load(path) {
		this.state.error = "";
		try {
			const args = [[this.props.eventTypeId], path];
			const answer = await this.orm.call("integration.event.type", "get_field_choices", args);
			this.state.levels.set(path, parseLevel(answer));
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
	}
	get rows() {
		return listRows(this.state);
	}
	get origin() {
		const record = this.state.levels.get("")?.recordName;
		return record ? _t("Values of %(record)s", { record }) : _t("There is no record whose values you may see");
	}
	get title() {
		return _t("Choose what it tells");
	}
	get chooseLabel() {
		const count = this.state.chosen.size;
		return count === 1 ? _t("Tell this 1 field") : _t("Tell these %(count)s fields", { count });
	}
	async toggleLevel(row) {
		if (this.state.unfolded.delete(row.path)) return;
		if (!this.state.levels.has(row.path)) await this.load(row.path);
		this.state.unfolded.add(row.path);
	}
	toggle(row) {
		if (!this.state.chosen.delete(row.path)) this.state.chosen.add(row.path);
	}
	async choose() {
		this.state.isBusy = true;
		this.state.error = "";
		try {
			const args = [[this.props.eventTypeId], [...this.state.chosen]];
			await this.orm.call("integration.event.type", "choose_fields", args);
			await this.props.onChosen();
			this.props.close();
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
		this.state.isBusy = false;
	}
};
var FieldPicker = class extends Component {
	static template = "integration_monitor.FieldPicker";
	static props = { ...standardWidgetProps };
	setup() {
		this.dialog = useService("dialog");
	}
	async open() {
		const { record } = this.props;
		if (!await record.save() || !record.resId) return;
		const lines = record.data.field_ids;
		this.dialog.add(FieldPickerDialog, {
			eventTypeId: record.resId,
			paths: lines.records.map((line) => String(line.data.path)),
			onChosen: () => record.load()
		});
	}
};
registry.category("view_widgets").add("integration_field_picker", { component: FieldPicker });
export { FieldPicker, FieldPickerDialog };
