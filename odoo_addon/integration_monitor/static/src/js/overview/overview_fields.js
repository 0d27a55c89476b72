// web/src/overview/overview_fields.ts
/** Odoo's `2026-11-20 08:31:54` and ISO 8601 are both UTC here; anything else is null. */
function parseInstant(value) {
	if (typeof value !== "string") return null;
	const iso = value.replace(" ", "T");
	const instantMs = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
	return Number.isNaN(instantMs) ? null : instantMs;
}
function readFields(value, place) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`IM_OVERVIEW_INVALID: ${place} must be an object, got ${JSON.stringify(value)}`);
	return value;
}
function readList(fields, key) {
	const list = fields[key];
	if (!Array.isArray(list)) throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a list, got ${JSON.stringify(list)}`);
	return list;
}
function readRows(fields, key) {
	return readList(fields, key).map((row) => readFields(row, key));
}
/** Odoo says None, which is null here, for what there is no number for. */
function readNumbers(fields, key) {
	return readList(fields, key).map((value) => {
		if (value !== null && typeof value !== "number") throw new Error(`IM_OVERVIEW_INVALID: ${key} must hold numbers, got ${JSON.stringify(value)}`);
		return value;
	});
}
function readCount(fields, key) {
	const count = fields[key];
	if (typeof count !== "number" || !Number.isFinite(count)) throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a number, got ${JSON.stringify(count)}`);
	return count;
}
function readText(fields, key) {
	const text = fields[key];
	return typeof text === "string" ? text : "";
}
export { parseInstant, readCount, readFields, readList, readNumbers, readRows, readText };
