// web/src/answer_fields.ts
/** @throws Error `IM_ANSWER_INVALID` */
function readFields(value, place) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse(place, "an object", value);
	return value;
}
/** @throws Error `IM_ANSWER_INVALID` */
function readRows(fields, key) {
	const rows = fields[key];
	if (!Array.isArray(rows)) throw refuse(key, "a list", rows);
	return rows.map((row) => readFields(row, key));
}
/** @throws Error `IM_ANSWER_INVALID` */
function readNumber(fields, key) {
	const value = fields[key];
	if (typeof value !== "number" || !Number.isFinite(value)) throw refuse(key, "a number", value);
	return value;
}
/** @throws Error `IM_ANSWER_INVALID` */
function readNumbers(fields, key) {
	const value = fields[key];
	if (!Array.isArray(value) || value.some((item) => typeof item !== "number")) throw refuse(key, "a list of numbers", value);
	return value;
}
/** Empty where Odoo says False, which stands for absent. */
function readText(fields, key) {
	const value = fields[key];
	return typeof value === "string" ? value : "";
}
function refuse(place, expected, value) {
	return /* @__PURE__ */ new Error(`IM_ANSWER_INVALID: ${place} must be ${expected}, got ${JSON.stringify(value)}`);
}
export { readFields, readNumber, readNumbers, readRows, readText };
