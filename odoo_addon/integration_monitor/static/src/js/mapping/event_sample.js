// web/src/mapping/event_sample.ts
/** Throws TypeError when the answer is not of that form. */
function parseSample(answer) {
	const { event, schema, source, why_made_up, res_id, record_name, res_model, hidden, labels } = readObject(answer);
	if (typeof event !== "string" || typeof schema !== "string" || !Array.isArray(hidden)) throw new TypeError("not a sample of an event");
	return {
		text: event,
		event: readObject(JSON.parse(event)),
		schema: readObject(JSON.parse(schema)),
		isMadeUp: source === "made_up",
		whyMadeUp: why_made_up === "no_access" || why_made_up === "no_record" ? why_made_up : "",
		resId: typeof res_id === "number" ? res_id : false,
		recordName: typeof record_name === "string" ? record_name : "",
		resModel: String(res_model),
		hidden: hidden.map(String),
		labels: Object.fromEntries(Object.entries(readObject(labels)).map(([path, label]) => [path, String(label)]))
	};
}
function readObject(value) {
	if (typeof value !== "object" || value === null) throw new TypeError("expected an object");
	return value;
}
export { parseSample };
