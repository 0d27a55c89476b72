// web/src/mapping/event_paths.ts
var sampleCharsMax = 60;
/** Words that JSONata reads as operators or values. */
var reserved = /* @__PURE__ */ new Set([
	"and",
	"or",
	"in",
	"true",
	"false",
	"null",
	"function"
]);
/**
* @param event a CloudEvent
* @param labels what people call the fields, by their paths below `data`
*/
function listPaths(event, labels) {
	const paths = [];
	walk(event, {
		names: [],
		depth: 0,
		isInList: false
	}, labels, paths);
	const isData = ({ path }) => path === "data" || path.startsWith("data.");
	return [...paths.filter(isData), ...paths.filter((entry) => !isData(entry))];
}
function walk(value, spot, labels, paths) {
	const content = Array.isArray(value) ? value[0] : value;
	if (spot.names.length > 0) paths.push({
		path: spot.names.map(quoteName).join("."),
		label: spot.names[0] === "data" ? labels[spot.names.slice(1).join(".")] ?? "" : "",
		sample: describeValue(value),
		isInList: spot.isInList,
		isList: Array.isArray(value),
		depth: spot.depth - 1
	});
	if (typeof content !== "object" || content === null) return;
	for (const [name, inner] of Object.entries(content)) {
		const isInList = spot.isInList || Array.isArray(value);
		walk(inner, {
			names: [...spot.names, name],
			depth: spot.depth + 1,
			isInList
		}, labels, paths);
	}
}
/** A name as JSONata takes it. */
function quoteName(name) {
	return /^[A-Za-z_]\w*$/.test(name) && !reserved.has(name) ? name : `\`${name}\``;
}
function describeValue(value) {
	if (Array.isArray(value)) return `[${value.length}]`;
	if (typeof value === "object" && value !== null) return "{…}";
	const text = typeof value === "string" ? value : JSON.stringify(value);
	return text.length > sampleCharsMax ? `${text.slice(0, sampleCharsMax)}…` : text;
}
/** Those whose path, label or value holds the text. */
function searchPaths(paths, text) {
	const wanted = text.trim().toLowerCase();
	if (wanted === "") return paths;
	return paths.filter(({ path, label, sample }) => [
		path,
		label,
		sample
	].some((part) => part.toLowerCase().includes(wanted)));
}
export { listPaths, quoteName, searchPaths };
