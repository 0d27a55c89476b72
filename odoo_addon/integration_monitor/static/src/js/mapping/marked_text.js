// web/src/mapping/marked_text.ts
/** At the end of the text there is nothing to mark: a space stands for what is missing. */
function markPlace(text, place) {
	if (place === void 0) return {
		before: text,
		marked: "",
		after: ""
	};
	const end = place.offset + place.length;
	return {
		before: text.slice(0, place.offset),
		marked: text.slice(place.offset, end) || " ",
		after: text.slice(end)
	};
}
export { markPlace };
