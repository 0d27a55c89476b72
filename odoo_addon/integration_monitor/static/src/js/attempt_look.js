import { _t } from "@web/core/l10n/translation";
// web/src/attempt_look.ts
/** How one attempt of a delivery is said and coloured. */
function describeOutcome(outcome) {
	switch (outcome) {
		case "delivered": return {
			label: _t("Delivered"),
			colour: "success",
			iconClass: "fa-check"
		};
		case "retry": return {
			label: _t("Not accepted yet"),
			colour: "warning",
			iconClass: "fa-repeat"
		};
		case "failed": return {
			label: _t("Failed"),
			colour: "danger",
			iconClass: "fa-times"
		};
		default: return {
			label: _t("Unknown outcome"),
			colour: "secondary",
			iconClass: "fa-question"
		};
	}
}
function phraseAttempt(attemptNumber) {
	return _t("Attempt %(number)s", { number: attemptNumber });
}
function phraseDuration(durationMs) {
	return _t("took %(duration)s", { duration: describeDuration(durationMs) });
}
/** A duration for people: `340 ms`, `1.2 s`, `2 min 5 s`. */
function describeDuration(durationMs) {
	if (durationMs < 1e3) return _t("%(count)s ms", { count: Math.round(durationMs) });
	if (durationMs < 6e4) return _t("%(count)s s", { count: (durationMs / 1e3).toFixed(1) });
	const wholeSeconds = Math.round(durationMs / 1e3);
	return _t("%(minutes)s min %(seconds)s s", {
		minutes: Math.floor(wholeSeconds / 60),
		seconds: wholeSeconds % 60
	});
}
export { describeDuration, describeOutcome, phraseAttempt, phraseDuration };
