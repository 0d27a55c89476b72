// web/src/overview/overview_summary.ts
/** Everything worth saying, most urgent first; never empty. */
function findFindings(overview) {
	const { endpoints } = overview;
	if (endpoints.length === 0) return [{ kind: "no_endpoints" }];
	if (endpoints.every(({ state }) => state === "draft")) return [{ kind: "none_active" }];
	const [first, ...others] = [...findSidecarFindings(overview), ...findEndpointFindings(overview)];
	const lost = findLost(overview);
	if (first) return [
		first,
		...others,
		...lost
	];
	return [{ kind: overview.isFlowing ? "flowing" : "not_flowing" }, ...lost];
}
function rateFinding(finding) {
	switch (finding.kind) {
		case "sidecar_never_seen":
		case "sidecar_silent":
		case "broker_away": return "danger";
		case "endpoints_fenced":
		case "endpoints_stopped":
		case "endpoints_resting":
		case "documents_held":
		case "messages_parked":
		case "endpoints_failing":
		case "endpoints_paused":
		case "not_flowing": return "warning";
		case "no_endpoints":
		case "none_active":
		case "deliveries_lost": return "info";
		case "flowing": return "success";
	}
}
/** Whether deliveries wait because the endpoint does not answer; a paused or stopped one waits for a person. */
function isResting({ state, breakerState }) {
	return state === "active" && (breakerState === "open" || breakerState === "half_open");
}
function findLost({ lostCount24h }) {
	return lostCount24h > 0 ? [{
		kind: "deliveries_lost",
		count: lostCount24h
	}] : [];
}
function findSidecarFindings({ workers }) {
	const alive = workers.filter(({ isAlive }) => isAlive);
	if (alive.length > 0) {
		const isBrokerAway = alive.every(({ isBrokerConnected }) => isBrokerConnected === false);
		const lostAtMs = alive.flatMap(({ brokerLostAtMs }) => brokerLostAtMs ?? []);
		return isBrokerAway ? [{
			kind: "broker_away",
			sinceMs: lostAtMs.length > 0 ? Math.max(...lostAtMs) : null
		}] : [];
	}
	if (workers.length === 0) return [{ kind: "sidecar_never_seen" }];
	const seenAtMs = workers.flatMap(({ lastSeenAtMs }) => lastSeenAtMs ?? []);
	return [{
		kind: "sidecar_silent",
		lastSeenAtMs: seenAtMs.length > 0 ? Math.max(...seenAtMs) : null
	}];
}
function findEndpointFindings({ endpoints, held, failedCount, parkedCount }) {
	const findings = [];
	const fenced = endpoints.filter(({ state }) => state === "fenced");
	if (fenced.length > 0) findings.push({
		kind: "endpoints_fenced",
		endpoints: fenced
	});
	const stopped = endpoints.filter(({ state }) => state === "stopped");
	if (stopped.length > 0) findings.push({
		kind: "endpoints_stopped",
		endpoints: stopped
	});
	const resting = endpoints.filter(isResting);
	if (resting.length > 0) findings.push({
		kind: "endpoints_resting",
		endpoints: resting
	});
	if (held.deliveryCount > 0) {
		const waitedFor = endpoints.filter((endpoint) => endpoint.held.deliveryCount > 0);
		findings.push({
			kind: "documents_held",
			held,
			endpoints: waitedFor,
			failedCount
		});
	}
	if (parkedCount > 0) findings.push({
		kind: "messages_parked",
		count: parkedCount
	});
	const failing = endpoints.filter(({ state, health, failedCount: failed }) => state === "active" && health === "failing" && failed === 0);
	if (failing.length > 0) findings.push({
		kind: "endpoints_failing",
		endpoints: failing
	});
	const paused = endpoints.filter(({ state, pendingCount }) => state === "paused" && pendingCount > 0);
	if (paused.length > 0) findings.push({
		kind: "endpoints_paused",
		endpoints: paused
	});
	return findings;
}
export { findFindings, isResting, rateFinding };
