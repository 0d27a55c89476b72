/** Field widget `integration_live_text`: a text of the server; the whole form is read again on every hint. */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import type { RelationalRecord } from "relational-record";
import { MONITOR_HINTS } from "./bus_hints.ts";
import { useLiveRecord } from "./live_record.ts";

/** Least time between two reloads, in ms: the hints say that some delivery changed, not which. */
const RELOAD_SPACING_MS = 2000;

interface LiveTextProps {
  readonly record: RelationalRecord;
  readonly name: string;
}

export class IntegrationLiveText extends Component<LiveTextProps> {
  static override template = "integration_monitor.LiveText";
  static override props = { ...standardFieldProps };

  override setup(): void {
    useLiveRecord({
      getRecord: () => this.props.record,
      getSource: () => MONITOR_HINTS,
      isUnsettled: () => false,
      spacingMs: RELOAD_SPACING_MS,
    });
  }

  get text(): string {
    return String(this.props.record.data[this.props.name] || "");
  }
}

registry.category("fields").add("integration_live_text", {
  component: IntegrationLiveText,
  supportedTypes: ["char"],
});
