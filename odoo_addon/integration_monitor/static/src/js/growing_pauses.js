import { browser } from "@web/core/browser/browser";
// web/src/growing_pauses.ts
/** Looking again, less and less often, at what is bound to change. */
/** Pauses between two looks, in ms. */
var FIRST_PAUSE_MS = 1e3;
var LAST_PAUSE_MS = 3e4;
/** Calls `callback` until the returned function is called. */
function repeatWithGrowingPauses(callback, longestPauseMs = LAST_PAUSE_MS) {
	let pauseMs = FIRST_PAUSE_MS;
	let timer = 0;
	const plan = () => {
		timer = browser.setTimeout(() => {
			callback();
			pauseMs = Math.min(pauseMs * 2, longestPauseMs);
			plan();
		}, pauseMs);
	};
	plan();
	return () => browser.clearTimeout(timer);
}
export { repeatWithGrowingPauses };
