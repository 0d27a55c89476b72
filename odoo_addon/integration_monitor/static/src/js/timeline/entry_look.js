// web/src/timeline/entry_look.ts
var ICON_BY_KIND = {
	event: "fa-file-text-o",
	queued: "fa-inbox",
	person: "fa-user",
	system: "fa-cog"
};
function drawEntry({ kind, look }) {
	switch (look) {
		case "good": return {
			colour: "success",
			iconClass: "fa-check"
		};
		case "wait": return {
			colour: "info",
			iconClass: kind === "next" ? "fa-clock-o" : "fa-repeat"
		};
		case "failed": return {
			colour: "danger",
			iconClass: kind === "next" ? "fa-hand-paper-o" : "fa-times"
		};
		case "ended": return {
			colour: "secondary",
			iconClass: "fa-ban"
		};
		case "neutral": return {
			colour: "light",
			iconClass: ICON_BY_KIND[kind] ?? "fa-circle-o"
		};
	}
}
export { drawEntry };
