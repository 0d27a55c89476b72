import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { formatFloat } from "@web/core/utils/numbers";
// web/src/overview/overview_amounts.ts
/** How counts, money, times and delays are said on the overview, in the reader's language and formats. */
/** A time of today as clock time, any other with its date, in the reader's own format. */
function phraseInstant(instantMs, nowMs) {
	const instant = luxon.DateTime.fromMillis(instantMs);
	const isToday = instant.hasSame(luxon.DateTime.fromMillis(nowMs), "day");
	return toLocaleDateTimeString(instant, {
		showDate: !isToday,
		showSeconds: false
	});
}
/** An age such as "5 seconds ago", in the reader's language. */
function phraseAge(instantMs, nowMs) {
	if (instantMs === null) return _t("never");
	const base = luxon.DateTime.fromMillis(Math.max(nowMs, instantMs));
	return luxon.DateTime.fromMillis(instantMs).toRelative({ base }) ?? "";
}
function phraseCount(count) {
	return formatFloat(count, { digits: [0, 0] });
}
/** "2 documents (4,310.00 $)"; without the brackets when no money waits. */
function phraseDocuments(held) {
	const documents = held.documentCount === 1 ? _t("1 document") : _t("%(count)s documents", { count: phraseCount(held.documentCount) });
	return held.money.length === 0 ? documents : _t("%(documents)s (%(money)s)", {
		documents,
		money: phraseMoney(held)
	});
}
/** One figure per currency; with several, also about what it is in the company's. Empty when no money waits. */
function phraseMoney({ money, worth }) {
	const figures = money.map(phraseAmount).join(" + ");
	return money.length > 1 && worth !== null ? _t("%(figures)s, about %(worth)s altogether", {
		figures,
		worth: phraseAmount(worth)
	}) : figures;
}
function phraseAmount({ amount, currencyId }) {
	return formatCurrency(amount, currencyId);
}
/** A delay in the largest unit that fits; a dash for none. */
function phraseDelay(delayMs) {
	if (delayMs === null) return "–";
	const inUnit = (value, digits) => formatFloat(value, { digits: [0, digits] });
	const seconds = delayMs / 1e3;
	if (seconds < 10) return _t("%(count)s s", { count: inUnit(seconds, 1) });
	if (seconds < 120) return _t("%(count)s s", { count: inUnit(seconds, 0) });
	return seconds < 7200 ? _t("%(count)s min", { count: inUnit(seconds / 60, 0) }) : _t("%(count)s h", { count: inUnit(seconds / 3600, 0) });
}
export { phraseAge, phraseAmount, phraseCount, phraseDelay, phraseDocuments, phraseInstant, phraseMoney };
