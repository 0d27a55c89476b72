// web/src/timeline/timeline_data.ts
var LOOKS = [
	"good",
	"wait",
	"failed",
	"ended",
	"neutral"
];
/** @throws Error `IM_TIMELINE_INVALID` when the answer has another shape. */
function parseTimeline(answer) {
	const fields = readFields(answer, "get_document_timeline()");
	return {
		systems: readRows(fields, "systems").map((row) => ({
			id: readNumber(row.id),
			name: readText(row.name),
			state: readText(row.state)
		})),
		entries: readRows(fields, "entries").map(toEntry),
		hiddenCount: readNumber(fields.hidden_count)
	};
}
/** The entries about one system, or all of them for null. */
function filterEntries(timeline, systemId) {
	return systemId === null ? timeline.entries : timeline.entries.filter((entry) => entry.systemIds.includes(systemId));
}
/** Whether something is bound to change without anybody doing anything. */
function isUnsettled(timeline) {
	return timeline.entries.some((entry) => entry.kind === "next" && entry.look === "wait");
}
function toEntry(row) {
	return {
		key: readText(row.key),
		kind: readText(row.kind),
		atMs: typeof row.at_ms === "number" ? row.at_ms : null,
		systemIds: Array.isArray(row.system_ids) ? row.system_ids.map(readNumber) : [],
		title: readText(row.title),
		detail: readText(row.detail),
		look: readLook(row.look),
		attemptNumber: readNumber(row.attempt_number),
		durationMs: readNumber(row.duration_ms),
		answer: readText(row.answer)
	};
}
function readLook(value) {
	return typeof value === "string" && LOOKS.includes(value) ? value : "neutral";
}
function readFields(value, place) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`IM_TIMELINE_INVALID: ${place} must be an object, got ${JSON.stringify(value)}`);
	return value;
}
function readRows(fields, key) {
	const rows = fields[key];
	if (!Array.isArray(rows)) throw new Error(`IM_TIMELINE_INVALID: ${key} must be a list, got ${JSON.stringify(rows)}`);
	return rows.map((row) => readFields(row, key));
}
function readNumber(value) {
	return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
function readText(value) {
	return typeof value === "string" ? value : "";
}
export { filterEntries, isUnsettled, parseTimeline };
