// web/src/mapping/filter_count_data.ts
var states = [
	"counted",
	"no_access",
	"invalid",
	"slow"
];
/** Throws TypeError when the answer is not of that form. */
function parseFilterCount(answer) {
	if (typeof answer !== "object" || answer === null) throw new TypeError("expected an object");
	const { state, matching, total, limit, days } = answer;
	const known = states.find((name) => name === state);
	if (known === void 0) throw new TypeError("not a count of a filter");
	return {
		state: known,
		matching: Number(matching),
		total: Number(total),
		limit: Number(limit),
		days: Number(days)
	};
}
export { parseFilterCount };
