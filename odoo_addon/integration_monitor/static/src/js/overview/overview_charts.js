import { phraseCount, phraseDelay } from "./overview_amounts.js";
import { parseInstant } from "./overview_fields.js";
import { openAttempts } from "./overview_lists.js";
import { _t } from "@web/core/l10n/translation";
import { formatDate } from "@web/core/l10n/dates";
// web/src/overview/overview_charts.ts
/** What the charts of the overview show. The words and numbers here; the drawing in `overview_chart.ts`. */
function listCharts(overview) {
	const { series } = overview;
	const labels = labelParts(overview);
	const open = (line, place) => openAttempts(overview, line.outcomes, place);
	const countOf = (value) => phraseCount(value ?? 0);
	return [
		{
			key: "throughput",
			title: _t("Delivered"),
			empty: _t("Nothing was delivered in this period."),
			kind: "bar",
			labels,
			lines: [{
				label: _t("Delivered"),
				colourClass: "text-success",
				values: series.delivered,
				outcomes: ["delivered"]
			}],
			phrase: countOf,
			open
		},
		{
			key: "failures",
			title: _t("Failures"),
			empty: _t("No attempt failed in this period."),
			kind: "bar",
			labels,
			lines: [{
				label: _t("Refused"),
				colourClass: "text-danger",
				values: series.failed,
				outcomes: ["failed"]
			}, {
				label: _t("Tried again"),
				colourClass: "text-warning",
				values: series.retried,
				outcomes: ["retry"]
			}],
			phrase: countOf,
			open
		},
		{
			key: "delay",
			title: _t("Time until delivered"),
			empty: _t("Nothing was delivered in this period."),
			kind: "line",
			labels,
			lines: [{
				label: _t("half within about"),
				colourClass: "text-info",
				values: series.halfWithinMs,
				outcomes: ["delivered"]
			}, {
				label: _t("95 of 100 within about"),
				colourClass: "text-primary",
				values: series.mostWithinMs,
				outcomes: ["delivered"]
			}],
			phrase: phraseDelay,
			open
		}
	];
}
function isChartEmpty({ lines }) {
	return lines.every(({ values }) => values.every((value) => !value));
}
function labelParts({ series, period }) {
	return series.starts.map((start) => {
		const instant = luxon.DateTime.fromMillis(parseInstant(start) ?? 0);
		return period === "24h" ? instant.toFormat("HH:mm") : formatDate(instant.plus({ minutes: 45 }));
	});
}
export { isChartEmpty, listCharts };
