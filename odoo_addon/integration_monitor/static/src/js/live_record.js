import { repeatWithGrowingPauses } from "./growing_pauses.js";
import { useLiveRefresh } from "./live_refresh.js";
import { useEffect, useState } from "@odoo/owl";
import { RPCError } from "@web/core/network/rpc";
import { useBus } from "@web/core/utils/hooks";
import { FetchRecordError } from "@web/model/relational_model/errors";
// web/src/live_record.ts
/** Keeps the record of a form up to date without taking anything from the person who edits it. */
/**
* Owl hook for field widgets, to be called in `setup()`: reloads the record on every hint. While the record
* has unsaved changes, it waits until they are saved or discarded.
*/
function useLiveRecord(options) {
	const { getRecord, getSource, isRelevant, isUnsettled, spacingMs, longestPauseMs } = options;
	/** `isTyping`: an input holds text that the record does not know yet. */
	const typing = useState({ isTyping: false });
	let isStale = false;
	const isBusy = () => isRecordInUse(getRecord()) || typing.isTyping;
	const gate = useLiveRefresh({
		getSource: () => {
			const record = getRecord();
			return record.resId ? getSource(record, record.resId) : null;
		},
		refresh: async () => {
			isStale = isBusy();
			if (!isStale) await reloadRecord(getRecord());
		},
		spacingMs,
		...isRelevant && { isRelevant }
	});
	useBus(getRecord().model.bus, "FIELD_IS_DIRTY", ({ detail }) => {
		typing.isTyping = Boolean(detail);
	});
	useEffect((isBusyNow) => {
		if (!isBusyNow && isStale) gate.request();
	}, () => [isBusy()]);
	useCatchUp(gate, getRecord, isUnsettled, longestPauseMs);
}
/**
* Hints may be lost: a channel opens some time after it was asked for, the bus does not repeat what was sent
* before, and a fast sidecar delivers within that time. So a record that is bound to change is read again,
* with growing pauses, until it has settled.
*/
function useCatchUp(gate, getRecord, isUnsettled, longestPauseMs) {
	useEffect((resId, isWaiting) => resId && isWaiting ? repeatWithGrowingPauses(() => gate.request(), longestPauseMs) : void 0, () => [getRecord().resId, isUnsettled(getRecord())]);
}
/** Whether a reload would take something from the person at the screen. */
function isRecordInUse(record) {
	return record.dirty || Object.values(record.data).some(hasEditedRow);
}
/** True for a One2many value in which a row is open for editing. */
function hasEditedRow(value) {
	return typeof value === "object" && value !== null && "editedRecord" in value && Boolean(value.editedRecord);
}
async function reloadRecord(record) {
	if (!record.resId) return;
	try {
		await record.load();
	} catch (error) {
		if (!(error instanceof RPCError || error instanceof FetchRecordError)) throw error;
	}
}
export { useLiveRecord };
