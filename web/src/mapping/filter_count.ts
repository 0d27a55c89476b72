/** View widget `integration_filter_count`: how many documents a subscription's filter lets through, as one edits it. */
import { Component, onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import type { Orm } from "odoo-services";
import type { RelationalRecord } from "relational-record";
import { type FilterCount, parseFilterCount } from "./filter_count_data.ts";

/** Least quiet after a change before it is counted anew, in ms. */
const PAUSE_MS = 300;

interface FilterCountProps {
  readonly record: RelationalRecord;
}

interface CountState {
  count: FilterCount | null;
  hasFailed: boolean;
}

export class IntegrationFilterCount extends Component<FilterCountProps> {
  static override template = "integration_monitor.FilterCount";
  static override props = { ...standardWidgetProps };

  declare orm: Orm;
  declare state: CountState;
  declare key: string;
  declare pause: number;

  override setup(): void {
    this.orm = useService("orm").silent;
    this.state = useState<CountState>({ count: null, hasFailed: false });
    this.key = "";
    this.pause = 0;
    useRecordObserver((record) => this.followRecord(record));
    onWillDestroy(() => browser.clearTimeout(this.pause));
  }

  get sentence(): string {
    const { count, hasFailed } = this.state;
    if (hasFailed) return _t("Odoo cannot be reached, so nothing was counted.");
    return count ? phraseCount(count, this.hasFilter) : _t("Counting…");
  }

  get hasFilter(): boolean {
    return !["", "[]"].includes(String(this.props.record.data.filter_domain || ""));
  }

  followRecord(record: RelationalRecord): void {
    const eventType = record.data.event_type_id;
    const eventTypeId =
      typeof eventType === "object" && eventType !== null && "id" in eventType ? eventType.id : 0;
    const key = JSON.stringify([eventTypeId, record.data.filter_domain || false]);
    if (key === this.key) return;
    this.key = key;
    this.state.count = null;
    browser.clearTimeout(this.pause);
    if (eventTypeId) this.pause = browser.setTimeout(() => this.load(), PAUSE_MS);
  }

  async load(): Promise<void> {
    const { key } = this;
    try {
      const answer = await this.orm.call("integration.subscription", "count_matching", JSON.parse(key));
      if (key !== this.key) return;
      this.state.count = parseFilterCount(answer);
      this.state.hasFailed = false;
    } catch {
      // Whatever it was: the filter itself is checked when one saves.
      this.state.hasFailed = key === this.key;
    }
  }
}

export function phraseCount(count: FilterCount, hasFilter: boolean): string {
  switch (count.state) {
    case "no_access":
      // The filter's own widget says so.
      return "";
    case "invalid":
      return _t("This filter cannot be used as it stands. Correct it before you save.");
    case "slow":
      return _t("There are too many documents to count them quickly. The filter works all the same.");
    case "counted":
      return phraseNumbers(count, hasFilter);
  }
}

function phraseNumbers(count: FilterCount, hasFilter: boolean): string {
  const numbers = {
    matching: phraseNumber(count.matching, count.limit),
    total: phraseNumber(count.total, count.limit),
    days: count.days,
  };
  if (count.days === 0) return _t("%(matching)s of %(total)s documents would be sent.", numbers);
  if (count.total === 0) {
    return _t(
      "No document of the last %(days)s days fits this event, so there is nothing to count.",
      numbers,
    );
  }
  if (!hasFilter) {
    return _t("No filter: all documents are sent. There were %(total)s in the last %(days)s days.", numbers);
  }
  return _t("%(matching)s of the %(total)s documents of the last %(days)s days would be sent.", numbers);
}

/** "1,204", or "10,000+" where counting ended. */
function phraseNumber(value: number, limit: number): string {
  return value > limit ? `${formatInteger(limit)}+` : formatInteger(value);
}

registry.category("view_widgets").add("integration_filter_count", {
  component: IntegrationFilterCount,
  fieldDependencies: [
    { name: "event_type_id", type: "many2one" },
    { name: "filter_domain", type: "char" },
  ],
});
