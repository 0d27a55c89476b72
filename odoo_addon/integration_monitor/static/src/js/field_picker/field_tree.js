import { readFields, readRows, readText } from "../answer_fields.js";
// web/src/field_picker/field_tree.ts
/** The tree of fields that can be chosen: what was loaded, what is unfolded, what is ticked. Pure. */
/** @throws Error `IM_ANSWER_INVALID` */
function parseLevel(answer) {
	const fields = readFields(answer, "get_field_choices()");
	return {
		recordName: readText(fields, "record_name"),
		choices: readRows(fields, "fields").map((row) => ({
			path: readText(row, "path"),
			label: readText(row, "label"),
			name: readText(row, "name"),
			isLink: row.is_link === true,
			refusal: readText(row, "refusal"),
			sample: readText(row, "sample")
		}))
	};
}
/** The rows to show, from top to bottom. A search looks at labels and names, and keeps what leads to a hit. */
function listRows(view) {
	return listLevel(view, "", 0, view.search.trim().toLowerCase());
}
function listLevel(view, parent, depth, search) {
	return (view.levels.get(parent)?.choices ?? []).flatMap((choice) => {
		const isUnfolded = view.unfolded.has(choice.path) && view.levels.has(choice.path);
		const below = isUnfolded ? listLevel(view, choice.path, depth + 1, search) : [];
		if (!(search === "" || `${choice.label} ${choice.name}`.toLowerCase().includes(search)) && below.length === 0) return [];
		const hidesChosen = !isUnfolded && [...view.chosen].some((path) => path.startsWith(`${choice.path}.`));
		const isChosen = view.chosen.has(choice.path);
		return [{
			...choice,
			depth,
			isUnfolded,
			isChosen,
			hidesChosen
		}, ...below];
	});
}
export { listRows, parseLevel };
