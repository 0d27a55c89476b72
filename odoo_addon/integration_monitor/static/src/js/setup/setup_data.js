import { readFields, readNumber, readNumbers, readRows, readText } from "../answer_fields.js";
import { parseInstant } from "../overview/overview_fields.js";
// web/src/setup/setup_data.ts
/** @throws Error `IM_ANSWER_INVALID` when the answer has another shape. */
function parseSetup(answer) {
	const fields = readFields(answer, "get_state()");
	return {
		secretKeyProblem: readText(fields, "secret_key_problem"),
		sidecar: parseSidecar(fields.sidecar),
		endpoints: readRows(fields, "endpoints").map(toEndpoint),
		catalogue: readRows(fields, "catalogue").map(toEntry)
	};
}
/** @throws Error `IM_ANSWER_INVALID` when the answer has another shape. */
function parseSidecar(answer) {
	const fields = readFields(answer, "get_sidecar()");
	const connection = readFields(fields.connection, "connection");
	return {
		mayConnect: fields.may_connect === true,
		account: fields.account === false ? null : toAccount(readFields(fields.account, "account")),
		workers: readRows(fields, "workers").map(toWorker),
		odooUrl: readText(connection, "url"),
		database: readText(connection, "database"),
		serverTimeMs: parseInstant(fields.server_time) ?? Date.now()
	};
}
function toAccount(fields) {
	return {
		login: readText(fields, "login"),
		isActive: fields.active === true,
		problem: readText(fields, "problem"),
		keyCount: readNumber(fields, "key_count"),
		keys: readRows(fields, "keys").map((key) => ({
			name: readText(key, "name"),
			createdAtMs: parseInstant(key.created_at),
			endsAtMs: parseInstant(key.ends_at)
		}))
	};
}
function toWorker(fields) {
	return {
		name: readText(fields, "name"),
		version: readText(fields, "version"),
		lastSeenAtMs: parseInstant(fields.last_seen_at),
		isAlive: fields.alive === true
	};
}
function toEndpoint(fields) {
	return {
		id: readNumber(fields, "id"),
		name: readText(fields, "name"),
		kind: readText(fields, "kind"),
		url: readText(fields, "url"),
		state: readText(fields, "state"),
		eventTypeIds: readNumbers(fields, "event_type_ids"),
		lastDeliveredAtMs: parseInstant(fields.last_delivered_at),
		testState: readText(fields, "test_state")
	};
}
function toEntry(fields) {
	return {
		id: readNumber(fields, "id"),
		name: readText(fields, "name"),
		technicalName: readText(fields, "technical_name"),
		description: readText(fields, "description"),
		domain: readText(fields, "domain"),
		domainLabel: readText(fields, "domain_label")
	};
}
export { parseSetup, parseSidecar };
