import { MONITOR_HINTS } from "./bus_hints.js";
import { useLiveRecord } from "./live_record.js";
import { useLiveRows } from "./live_rows.js";
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
// web/src/integration_bulk_operation.ts
/** Bulk operations, whose progress moves while one watches. */
/** Least time between two reloads, in ms. */
var RELOAD_SPACING_MS = 1e3;
/** Field widget `integration_bulk_progress` on an operation's `progress`; the whole form follows it. */
var IntegrationBulkProgress = class extends Component {
	static template = "integration_monitor.BulkProgress";
	static props = { ...standardFieldProps };
	setup() {
		useLiveRecord({
			getRecord: () => this.props.record,
			getSource: () => MONITOR_HINTS,
			isUnsettled: (record) => record.data.state === "running",
			spacingMs: RELOAD_SPACING_MS
		});
	}
	get percent() {
		return Math.floor(this.read("progress"));
	}
	get label() {
		const settled = this.read("done_count") + this.read("skipped_count");
		return _t("%(settled)s of %(total)s", {
			settled,
			total: this.read("total_count")
		});
	}
	get barClass() {
		return {
			stopped: "bg-warning",
			done: "bg-success"
		}[String(this.props.record.data.state)] ?? "progress-bar-striped progress-bar-animated";
	}
	read(field) {
		return Number(this.props.record.data[field] ?? 0);
	}
};
var BulkOperationListController = class extends ListController {
	setup() {
		super.setup();
		useLiveRows(this.model);
	}
};
var BulkOperationKanbanController = class extends KanbanController {
	setup() {
		super.setup();
		useLiveRows(this.model);
	}
};
registry.category("fields").add("integration_bulk_progress", {
	component: IntegrationBulkProgress,
	supportedTypes: ["float"],
	fieldDependencies: [
		"state",
		"done_count",
		"skipped_count",
		"total_count"
	].map((name) => ({
		name,
		type: name === "state" ? "selection" : "integer"
	}))
});
var views = registry.category("views");
views.add("integration_bulk_operation_list", {
	...listView,
	Controller: BulkOperationListController
});
views.add("integration_bulk_operation_kanban", {
	...kanbanView,
	Controller: BulkOperationKanbanController
});
export { BulkOperationKanbanController, BulkOperationListController, IntegrationBulkProgress };
