/** Bulk operations, whose progress moves while one watches. */
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import type { RelationalRecord } from "relational-record";
import { MONITOR_HINTS } from "./bus_hints.ts";
import { useLiveRecord } from "./live_record.ts";
import { useLiveRows } from "./live_rows.ts";

/** Least time between two reloads, in ms. */
const RELOAD_SPACING_MS = 1000;

interface BulkProgressProps {
  readonly record: RelationalRecord;
  readonly name: string;
}

/** Field widget `integration_bulk_progress` on an operation's `progress`; the whole form follows it. */
export class IntegrationBulkProgress extends Component<BulkProgressProps> {
  static override template = "integration_monitor.BulkProgress";
  static override props = { ...standardFieldProps };

  override setup(): void {
    useLiveRecord({
      getRecord: () => this.props.record,
      getSource: () => MONITOR_HINTS,
      isUnsettled: (record) => record.data.state === "running",
      spacingMs: RELOAD_SPACING_MS,
    });
  }

  get percent(): number {
    return Math.floor(this.read("progress"));
  }

  get label(): string {
    const settled = this.read("done_count") + this.read("skipped_count");
    return _t("%(settled)s of %(total)s", { settled, total: this.read("total_count") });
  }

  get barClass(): string {
    const classes: Record<string, string> = { stopped: "bg-warning", done: "bg-success" };
    return classes[String(this.props.record.data.state)] ?? "progress-bar-striped progress-bar-animated";
  }

  private read(field: string): number {
    return Number(this.props.record.data[field] ?? 0);
  }
}

export class BulkOperationListController extends ListController {
  override setup(): void {
    super.setup();
    useLiveRows(this.model);
  }
}

export class BulkOperationKanbanController extends KanbanController {
  override setup(): void {
    super.setup();
    useLiveRows(this.model);
  }
}

registry.category("fields").add("integration_bulk_progress", {
  component: IntegrationBulkProgress,
  supportedTypes: ["float"],
  fieldDependencies: ["state", "done_count", "skipped_count", "total_count"].map((name) => ({
    name,
    type: name === "state" ? "selection" : "integer",
  })),
});
const views = registry.category("views");
views.add("integration_bulk_operation_list", { ...listView, Controller: BulkOperationListController });
views.add("integration_bulk_operation_kanban", { ...kanbanView, Controller: BulkOperationKanbanController });
