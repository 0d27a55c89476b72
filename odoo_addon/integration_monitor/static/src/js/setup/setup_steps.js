// web/src/setup/setup_steps.ts
var STEPS = [
	"sidecar",
	"endpoint",
	"events",
	"test",
	"activate"
];
/** States of a delivery that the endpoint took. */
var TAKEN = /* @__PURE__ */ new Set(["delivered", "acknowledged"]);
function findDone(data, endpoint) {
	const done = /* @__PURE__ */ new Set();
	if (data.sidecar.workers.some((worker) => worker.isAlive)) done.add("sidecar");
	if (endpoint) {
		if (endpoint.url !== "") done.add("endpoint");
		if (endpoint.eventTypeIds.length > 0) done.add("events");
		if (TAKEN.has(endpoint.testState) || endpoint.lastDeliveredAtMs !== null) done.add("test");
		if (endpoint.state === "active") done.add("activate");
	}
	return done;
}
/** The first step that is to be done; the last one when all are. */
function findNextStep(done) {
	return STEPS.find((step) => !done.has(step)) ?? "activate";
}
/** Whether the step has what it needs: events and what follows are about an endpoint. */
function isOpenable(step, endpoint) {
	return step === "sidecar" || step === "endpoint" || endpoint !== null;
}
/** The endpoint to go on with: the newest that is not finished; none where all are, so that a new one is made. */
function chooseEndpoint(endpoints, wantedId) {
	return endpoints.find((endpoint) => endpoint.id === wantedId) ?? endpoints.find((endpoint) => endpoint.state === "draft") ?? null;
}
/** Sidecars that report now and were not there before: with several, they alone prove the new key. */
function findArrived(workers, namesBefore) {
	return workers.filter((worker) => worker.isAlive && !namesBefore.has(worker.name));
}
function groupEvents(catalogue) {
	const groups = /* @__PURE__ */ new Map();
	for (const entry of catalogue) groups.set(entry.domain, [...groups.get(entry.domain) ?? [], entry]);
	return [...groups].map(([domain, entries]) => ({
		domain,
		label: entries[0]?.domainLabel ?? "",
		entries
	}));
}
export { STEPS, chooseEndpoint, findArrived, findDone, findNextStep, groupEvents, isOpenable };
