// web/src/document_cases.ts
/** A document that was never saved, or a list without the field, has no value: then there are no cases. */
function parseCases(value) {
	return Array.isArray(value) ? value.map(toCase) : [];
}
function toCase(row) {
	return {
		deliveryId: Number(row.delivery_id),
		summary: String(row.summary || ""),
		advice: String(row.advice || ""),
		isRefused: row.kind === "refused",
		canAct: row.can_act === true,
		askWhom: String(row.ask_whom || "")
	};
}
export { parseCases };
