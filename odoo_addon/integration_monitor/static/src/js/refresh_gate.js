// web/src/refresh_gate.ts
function createRefreshGate(options) {
	const { clock } = options;
	let isWanted = false;
	let isRunning = false;
	let isStopped = false;
	let lastEndedAtMs = Number.NEGATIVE_INFINITY;
	let cancelTimer = null;
	function openWindow() {
		if (!isWanted || isRunning || isStopped || cancelTimer || !options.isAwake()) return;
		const restMs = lastEndedAtMs + options.spacingMs - clock.nowMs();
		cancelTimer = clock.schedule(startRefresh, Math.max(options.delayMs, restMs));
	}
	async function startRefresh() {
		cancelTimer = null;
		isWanted = false;
		isRunning = true;
		try {
			await options.refresh();
		} finally {
			isRunning = false;
			lastEndedAtMs = clock.nowMs();
			openWindow();
		}
	}
	return {
		request() {
			isWanted = true;
			openWindow();
		},
		wake: openWindow,
		stop() {
			isStopped = true;
			cancelTimer?.();
			cancelTimer = null;
		}
	};
}
export { createRefreshGate };
