/**
 * Field widget `integration_attempt_timeline`: every attempt of a delivery, newest first. It keeps the form
 * of the delivery up to date, so that whoever presses Retry sees what comes of it.
 */
import { Component } from "@odoo/owl";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import type { LuxonDateTime } from "luxon-global";
import type { RelationalList, RelationalRecord } from "relational-record";
import type { OutcomeLook } from "./attempt_look.ts";
import { describeOutcome, phraseAttempt, phraseDuration } from "./attempt_look.ts";
import { MONITOR_HINTS } from "./bus_hints.ts";
import { useLiveRecord } from "./live_record.ts";

/** Least time between two reloads, in ms: the hints say that some delivery changed, not which. */
const RELOAD_SPACING_MS = 2000;

interface FieldProps {
  readonly name: string;
  readonly record: RelationalRecord;
}

/** One line of the timeline, ready to be shown. */
export interface AttemptRow {
  readonly key: string;
  readonly attemptNumber: number;
  readonly title: string;
  readonly startedAt: string;
  readonly duration: string;
  readonly status: string;
  readonly outcome: OutcomeLook;
  readonly error: string;
  readonly answer: string;
  readonly worker: string;
}

export class IntegrationAttemptTimeline extends Component<FieldProps> {
  static override template = "integration_monitor.IntegrationAttemptTimeline";
  static override props = { ...standardFieldProps };

  override setup(): void {
    useLiveRecord({
      getRecord: () => this.props.record,
      getSource: () => MONITOR_HINTS,
      isUnsettled: (record) => ["pending", "queued"].includes(String(record.data.state)),
      spacingMs: RELOAD_SPACING_MS,
    });
  }

  get list(): RelationalList {
    // The registration below admits One2many fields only.
    return this.props.record.data[this.props.name] as RelationalList;
  }

  get rows(): AttemptRow[] {
    return this.list.records
      .map(toAttemptRow)
      .sort((left, right) => right.attemptNumber - left.attemptNumber);
  }

  /** Attempts that the form has not loaded. */
  get hiddenCount(): number {
    return Math.max(0, this.list.count - this.list.records.length);
  }

  get moreLabel(): string {
    return _t("Show %(count)s more", { count: this.hiddenCount });
  }

  async showAll(): Promise<void> {
    await this.list.load({ limit: this.list.count, offset: 0 });
  }
}

function toAttemptRow({ id, data }: RelationalRecord): AttemptRow {
  const worker = toText(data.worker);
  return {
    key: id,
    attemptNumber: Number(data.attempt_number),
    title: phraseAttempt(Number(data.attempt_number)),
    // Odoo parses datetime fields into Luxon objects, or false when empty.
    startedAt: toLocaleDateTimeString(data.started_at as LuxonDateTime | false, { showSeconds: true }),
    duration: phraseDuration(Number(data.duration_ms)),
    status: toText(data.status_text) || _t("No answer"),
    outcome: describeOutcome(data.outcome),
    error: toText(data.error),
    answer: toText(data.response_excerpt),
    worker: worker && _t("by %(sidecar)s", { sidecar: worker }),
  };
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

registry.category("fields").add("integration_attempt_timeline", {
  component: IntegrationAttemptTimeline,
  displayName: _t("Attempt timeline"),
  supportedTypes: ["one2many"],
  relatedFields: [
    { name: "attempt_number", type: "integer" },
    { name: "started_at", type: "datetime" },
    { name: "duration_ms", type: "integer" },
    { name: "status_text", type: "char" },
    { name: "outcome", type: "char" },
    { name: "error", type: "text" },
    { name: "response_excerpt", type: "text" },
    { name: "worker", type: "char" },
  ],
});
