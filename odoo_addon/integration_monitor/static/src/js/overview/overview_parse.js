import { PERIODS } from "./overview_data.js";
import { parseInstant, readCount, readFields, readList, readNumbers, readRows, readText } from "./overview_fields.js";
// web/src/overview/overview_parse.ts
/** @throws Error `IM_OVERVIEW_INVALID` when the answer has another shape. */
function parseOverview(answer) {
	const fields = readFields(answer, "get_overview()");
	const counts = readFields(fields.counts, "counts");
	const series = toSeries(readFields(fields.series, "series"));
	const domains = readFields(fields.domains, "domains");
	return {
		serverTimeMs: parseInstant(fields.server_time) ?? Date.now(),
		period: PERIODS.find((period) => period === fields.period) ?? "24h",
		companies: readRows(fields, "companies").map((row) => ({
			id: readCount(row, "id"),
			name: readText(row, "name")
		})),
		companyId: typeof fields.company_id === "number" ? fields.company_id : null,
		isFlowing: fields.is_flowing === true,
		pendingCount: readCount(counts, "pending"),
		queuedCount: readCount(counts, "queued"),
		failedCount: readCount(counts, "failed"),
		deliveredCount: readCount(counts, "delivered"),
		lostCount24h: readCount(counts, "lost_24h"),
		parkedCount: readCount(counts, "parked"),
		oldestPendingAtMs: parseInstant(fields.oldest_pending_at),
		held: toHeld(fields.held),
		processes: readRows(fields, "processes").map(toProcessRow),
		endpoints: readRows(fields, "endpoints").map((row) => toEndpointRow(row, series.starts.length)),
		endpointCount: readCount(fields, "endpoint_count"),
		workers: readRows(fields, "workers").map(toWorkerRow),
		series,
		domains: {
			held: readList(domains, "held"),
			lost: readList(domains, "lost"),
			company: readList(domains, "company")
		}
	};
}
function toHeld(value) {
	const fields = readFields(value, "held");
	return {
		deliveryCount: readCount(fields, "deliveries"),
		documentCount: readCount(fields, "documents"),
		sinceMs: parseInstant(fields.since),
		money: readRows(fields, "money").map(toMoney),
		worth: fields.worth === false ? null : toMoney(readFields(fields.worth, "worth"))
	};
}
function toMoney(fields) {
	return {
		currencyId: readCount(fields, "currency_id"),
		amount: readCount(fields, "amount")
	};
}
function toProcessRow(fields) {
	return {
		key: readText(fields, "key"),
		name: readText(fields, "name"),
		waitingCount: readCount(fields, "waiting"),
		failedCount: readCount(fields, "failed"),
		held: toHeld(fields.held)
	};
}
function toEndpointRow(fields, partCount) {
	return {
		id: readCount(fields, "id"),
		name: readText(fields, "name"),
		state: readText(fields, "state"),
		health: readText(fields, "health"),
		breakerState: readText(fields, "breaker_state"),
		breakerProbeAtMs: parseInstant(fields.breaker_probe_at),
		pendingCount: readCount(fields, "pending_count"),
		failedCount: readCount(fields, "failed_count"),
		oldestAtMs: parseInstant(fields.oldest_at),
		held: toHeld(fields.held),
		lastDeliveredAtMs: parseInstant(fields.last_delivered_at),
		lastError: readText(fields, "last_error"),
		delivered: readSparse(fields, "delivered", partCount),
		troubled: readSparse(fields, "troubled", partCount)
	};
}
/** A line that comes as `{place: count}`, because most of it is zero. */
function readSparse(fields, key, length) {
	const counts = readFields(fields[key], key);
	return Array.from({ length }, (_, place) => String(place) in counts ? readCount(counts, String(place)) : 0);
}
function toWorkerRow(fields) {
	return {
		name: readText(fields, "name"),
		version: readText(fields, "version"),
		lastSeenAtMs: parseInstant(fields.last_seen_at),
		isAlive: fields.alive === true,
		isBrokerConnected: {
			connected: true,
			away: false
		}[readText(fields, "broker_state")] ?? null,
		brokerLostAtMs: parseInstant(fields.broker_lost_at)
	};
}
function toSeries(fields) {
	return {
		starts: readList(fields, "starts").map(String),
		delivered: readNumbers(fields, "delivered").map((count) => count ?? 0),
		retried: readNumbers(fields, "retried").map((count) => count ?? 0),
		failed: readNumbers(fields, "failed").map((count) => count ?? 0),
		halfWithinMs: readNumbers(fields, "half_within"),
		mostWithinMs: readNumbers(fields, "most_within")
	};
}
export { parseOverview };
