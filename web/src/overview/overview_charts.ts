/** What the charts of the overview show. The words and numbers here; the drawing in `overview_chart.ts`. */

import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import type { ActionRequest } from "odoo-services";
import { phraseCount, phraseDelay } from "./overview_amounts.ts";
import type { Overview } from "./overview_data.ts";
import { parseInstant } from "./overview_fields.ts";
import { type Outcome, openAttempts } from "./overview_lists.ts";

export interface ChartLine {
  readonly label: string;
  /** Bootstrap class of the text, whose colour the line takes: so it follows dark mode. */
  readonly colourClass: string;
  /** Null where there is nothing to show. */
  readonly values: readonly (number | null)[];
  readonly outcomes: readonly Outcome[];
}

export interface Chart {
  readonly key: "throughput" | "failures" | "delay";
  readonly title: string;
  /** What the reader sees when nothing happened in the period. */
  readonly empty: string;
  readonly kind: "bar" | "line";
  /** One for each part of the period. */
  readonly labels: readonly string[];
  readonly lines: readonly ChartLine[];
  readonly phrase: (value: number | null) => string;
  open(line: ChartLine, place: number): ActionRequest;
}

export function listCharts(overview: Overview): Chart[] {
  const { series } = overview;
  const labels = labelParts(overview);
  const open = (line: ChartLine, place: number) => openAttempts(overview, line.outcomes, place);
  const countOf = (value: number | null) => phraseCount(value ?? 0);
  return [
    {
      key: "throughput",
      title: _t("Delivered"),
      empty: _t("Nothing was delivered in this period."),
      kind: "bar",
      labels,
      lines: [
        {
          label: _t("Delivered"),
          colourClass: "text-success",
          values: series.delivered,
          outcomes: ["delivered"],
        },
      ],
      phrase: countOf,
      open,
    },
    {
      key: "failures",
      title: _t("Failures"),
      empty: _t("No attempt failed in this period."),
      kind: "bar",
      labels,
      lines: [
        { label: _t("Refused"), colourClass: "text-danger", values: series.failed, outcomes: ["failed"] },
        {
          label: _t("Tried again"),
          colourClass: "text-warning",
          values: series.retried,
          outcomes: ["retry"],
        },
      ],
      phrase: countOf,
      open,
    },
    {
      key: "delay",
      title: _t("Time until delivered"),
      empty: _t("Nothing was delivered in this period."),
      kind: "line",
      labels,
      lines: [
        {
          label: _t("half within about"),
          colourClass: "text-info",
          values: series.halfWithinMs,
          outcomes: ["delivered"],
        },
        {
          label: _t("95 of 100 within about"),
          colourClass: "text-primary",
          values: series.mostWithinMs,
          outcomes: ["delivered"],
        },
      ],
      phrase: phraseDelay,
      open,
    },
  ];
}

export function isChartEmpty({ lines }: Chart): boolean {
  return lines.every(({ values }) => values.every((value) => !value));
}

function labelParts({ series, period }: Overview): string[] {
  return series.starts.map((start) => {
    const instant = luxon.DateTime.fromMillis(parseInstant(start) ?? 0);
    // A day may begin some minutes before midnight, where midnight is not a full hour of UTC.
    return period === "24h" ? instant.toFormat("HH:mm") : formatDate(instant.plus({ minutes: 45 }));
  });
}
