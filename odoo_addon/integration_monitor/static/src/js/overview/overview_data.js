// web/src/overview/overview_data.ts
/** @throws Error `IM_OVERVIEW_INVALID` when the answer has another shape. */
function parseOverview(answer) {
	const fields = readFields(answer, "get_overview()");
	const counts = readFields(fields.counts, "counts");
	return {
		serverTimeMs: parseInstant(fields.server_time) ?? Date.now(),
		isFlowing: fields.is_flowing === true,
		pendingCount: readCount(counts, "pending"),
		queuedCount: readCount(counts, "queued"),
		failedCount: readCount(counts, "failed"),
		deliveredCount24h: readCount(counts, "delivered_24h"),
		lostCount24h: readCount(counts, "lost_24h"),
		parkedCount: readCount(counts, "parked"),
		oldestPendingAtMs: parseInstant(fields.oldest_pending_at),
		endpoints: readRows(fields, "endpoints").map(toEndpointRow),
		workers: readRows(fields, "workers").map(toWorkerRow)
	};
}
/** Odoo's `2026-11-20 08:31:54` and ISO 8601 are both UTC here; anything else is null. */
function parseInstant(value) {
	if (typeof value !== "string") return null;
	const iso = value.replace(" ", "T");
	const instantMs = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
	return Number.isNaN(instantMs) ? null : instantMs;
}
function toEndpointRow(fields) {
	return {
		id: readCount(fields, "id"),
		name: readText(fields, "name"),
		state: readText(fields, "state"),
		health: readText(fields, "health"),
		breakerState: readText(fields, "breaker_state"),
		breakerProbeAtMs: parseInstant(fields.breaker_probe_at),
		pendingCount: readCount(fields, "pending_count"),
		failedCount: readCount(fields, "failed_count"),
		lastDeliveredAtMs: parseInstant(fields.last_delivered_at),
		lastError: readText(fields, "last_error")
	};
}
/** Whether deliveries wait because the endpoint does not answer; a paused or stopped one waits for a person. */
function isResting({ state, breakerState }) {
	return state === "active" && (breakerState === "open" || breakerState === "half_open");
}
function toWorkerRow(fields) {
	return {
		name: readText(fields, "name"),
		version: readText(fields, "version"),
		lastSeenAtMs: parseInstant(fields.last_seen_at),
		isAlive: fields.alive === true
	};
}
function readFields(value, place) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`IM_OVERVIEW_INVALID: ${place} must be an object, got ${JSON.stringify(value)}`);
	return value;
}
function readRows(fields, key) {
	const rows = fields[key];
	if (!Array.isArray(rows)) throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a list, got ${JSON.stringify(rows)}`);
	return rows.map((row) => readFields(row, key));
}
function readCount(fields, key) {
	const count = fields[key];
	if (typeof count !== "number" || !Number.isFinite(count)) throw new Error(`IM_OVERVIEW_INVALID: ${key} must be a number, got ${JSON.stringify(count)}`);
	return count;
}
function readText(fields, key) {
	const text = fields[key];
	return typeof text === "string" ? text : "";
}
export { isResting, parseInstant, parseOverview };
