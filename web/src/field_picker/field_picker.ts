/**
 * View widget `integration_field_picker` on the form of an event type: chooses its fields from a tree that
 * shows the values of a real record. The event type is saved first, because the server reads the record.
 */
import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import type { DialogService, Orm } from "odoo-services";
import type { RelationalList, RelationalRecord } from "relational-record";
import { phraseServerError } from "../server_error.ts";
import type { FieldRow, Level } from "./field_tree.ts";
import { listRows, parseLevel } from "./field_tree.ts";

interface DialogProps {
  eventTypeId: number;
  paths: readonly string[];
  onChosen: () => Promise<void>;
  close: () => void;
}

interface DialogState {
  levels: Map<string, Level>;
  unfolded: Set<string>;
  chosen: Set<string>;
  search: string;
  error: string;
  isBusy: boolean;
}

export class FieldPickerDialog extends Component<DialogProps> {
  static override template = "integration_monitor.FieldPickerDialog";
  static override props = { eventTypeId: Number, paths: Array, onChosen: Function, close: Function };
  static components = { Dialog };

  declare orm: Orm;
  declare state: DialogState;

  override setup(): void {
    this.orm = useService("orm");
    this.state = useState<DialogState>({
      levels: new Map(),
      unfolded: new Set(),
      chosen: new Set(this.props.paths),
      search: "",
      error: "",
      isBusy: false,
    });
    onWillStart(() => {
      this.load("");
    });
  }

  async load(path: string): Promise<void> {
    this.state.error = "";
    try {
      const args = [[this.props.eventTypeId], path];
      const answer = await this.orm.call("integration.event.type", "get_field_choices", args);
      this.state.levels.set(path, parseLevel(answer));
    } catch (error) {
      this.state.error = phraseServerError(error);
    }
  }

  get rows(): readonly FieldRow[] {
    return listRows(this.state);
  }

  get origin(): string {
    const record = this.state.levels.get("")?.recordName;
    return record
      ? _t("Values of %(record)s", { record })
      : _t("There is no record whose values you may see");
  }

  get title(): string {
    return _t("Choose what it tells");
  }

  get chooseLabel(): string {
    const count = this.state.chosen.size;
    return count === 1 ? _t("Tell this 1 field") : _t("Tell these %(count)s fields", { count });
  }

  async toggleLevel(row: FieldRow): Promise<void> {
    if (this.state.unfolded.delete(row.path)) {
      return;
    }
    if (!this.state.levels.has(row.path)) {
      await this.load(row.path);
    }
    this.state.unfolded.add(row.path);
  }

  toggle(row: FieldRow): void {
    if (!this.state.chosen.delete(row.path)) {
      this.state.chosen.add(row.path);
    }
  }

  async choose(): Promise<void> {
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
}

export class FieldPicker extends Component<{ record: RelationalRecord; readonly: boolean }> {
  static override template = "integration_monitor.FieldPicker";
  static override props = { ...standardWidgetProps };

  declare dialog: DialogService;

  override setup(): void {
    this.dialog = useService("dialog");
  }

  async open(): Promise<void> {
    const { record } = this.props;
    // Refused saves are explained by the form.
    if (!(await record.save()) || !record.resId) {
      return;
    }
    // The form shows the list, so it is loaded.
    const lines = record.data.field_ids as RelationalList;
    this.dialog.add(FieldPickerDialog, {
      eventTypeId: record.resId,
      paths: lines.records.map((line) => String(line.data.path)),
      onChosen: () => record.load(),
    });
  }
}

registry.category("view_widgets").add("integration_field_picker", { component: FieldPicker });
