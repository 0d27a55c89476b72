import { _t } from "@web/core/l10n/translation";
// web/src/mapping/mapping_words.ts
/** What the editor of mappings says to people. */
function describeOutcome(text, outcome) {
	if (text.trim() === "") return say("empty", _t("Without a mapping the data is sent as it is."));
	switch (outcome?.kind) {
		case void 0: return say("trying", _t("The result appears here."));
		case "late": return say("refused", _t("This runs for too long. Check regular expressions and functions."));
		case "unavailable": return say("refused", _t("Your browser cannot show the result. The mapping works all the same."));
		case "mapped": return {
			...say("mapped", ""),
			result: JSON.stringify(JSON.parse(outcome.body).data, null, 2)
		};
		case "refused": return {
			...say("refused", outcome.reason),
			place: outcome.place ? _t("Line %(line)s, column %(column)s", { ...outcome.place }) : ""
		};
	}
}
function say(state, sentence) {
	return {
		state,
		sentence,
		place: "",
		result: ""
	};
}
function describeSample(sample) {
	if (sample.whyMadeUp === "no_access") return _t("You may not read these documents, so the values are made up.");
	if (sample.whyMadeUp === "no_record") return _t("No document fits yet, so the values are made up.");
	if (sample.hidden.length > 0) return _t("Empty here because you may not read it: %(fields)s. Receivers get it.", { fields: sample.hidden.join(", ") });
	return "";
}
export { describeOutcome, describeSample };
