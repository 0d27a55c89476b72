/** What a test of an endpoint waits for; the whole dialog follows it until the test is over. */
import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import type { RelationalRecord } from "relational-record";
import { MONITOR_HINTS } from "./bus_hints.ts";
import { useLiveRecord } from "./live_record.ts";

/** Least time between two reloads, in ms. */
const RELOAD_SPACING_MS = 300;
/** A person waits for this, so the pauses between two looks do not grow beyond it. */
const LONGEST_PAUSE_MS = 2_000;

interface TestProgressProps {
  readonly record: RelationalRecord;
  readonly name: string;
}

/** Field widget `integration_test_progress` on a test's `progress`. */
export class IntegrationTestProgress extends Component<TestProgressProps> {
  static override template = "integration_monitor.TestProgress";
  static override props = { ...standardFieldProps };

  override setup(): void {
    useLiveRecord({
      getRecord: () => this.props.record,
      getSource: () => MONITOR_HINTS,
      isUnsettled: (record) => isOnItsWay(record.data.state),
      spacingMs: RELOAD_SPACING_MS,
      longestPauseMs: LONGEST_PAUSE_MS,
    });
  }

  get isShown(): boolean {
    return isOnItsWay(this.props.record.data.state);
  }

  get isStuck(): boolean {
    return Boolean(this.props.record.data.is_stuck);
  }

  get text(): string {
    return String(this.props.record.data[this.props.name] || "");
  }
}

function isOnItsWay(state: unknown): boolean {
  return state === "pending" || state === "queued";
}

registry.category("fields").add("integration_test_progress", {
  component: IntegrationTestProgress,
  supportedTypes: ["char"],
  fieldDependencies: [
    { name: "state", type: "selection" },
    { name: "is_stuck", type: "boolean" },
  ],
});
