import { phraseCount, phraseDocuments, phraseInstant } from "./overview_amounts.js";
import { isResting } from "./overview_summary.js";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
// web/src/overview/overview_words.ts
/** The sentences of the overview. */
/** @param nowMs the server's clock, so that a wrong clock of the reader's machine does not matter */
function phraseFinding(finding, nowMs) {
	switch (finding.kind) {
		case "flowing": return {
			headline: _t("Everything is flowing"),
			advice: ""
		};
		case "no_endpoints": return {
			headline: _t("No system is connected yet"),
			advice: _t("What to do first: create an endpoint, subscribe it to events, and activate it.")
		};
		case "none_active": return {
			headline: _t("No endpoint is active yet: nothing is being sent"),
			advice: _t("What to do: open an endpoint below and activate it.")
		};
		case "sidecar_never_seen": return {
			headline: _t("No sidecar has connected yet: nothing is being sent"),
			advice: _t("What to do: start the sidecar with the address of this database and its API key. Until then everything is kept and waits.")
		};
		case "sidecar_silent": return {
			headline: phraseSilence(finding.lastSeenAtMs, nowMs),
			advice: _t("What to do: check that the sidecar is running and reaches Odoo. Nothing is lost: everything waits until it is back.")
		};
		case "broker_away": return {
			headline: phraseBrokerLoss(finding.sinceMs, nowMs),
			advice: _t("What to do: have somebody check that RabbitMQ is running and that the sidecar has its address. Nothing is lost: everything waits until it is back.")
		};
		case "endpoints_fenced": return {
			headline: _t("This looks like a copy of the database: nothing is sent to %(names)s", { names: joinNames(finding.endpoints) }),
			advice: _t("What to do: activate the endpoint again only if this database shall send.")
		};
		case "endpoints_stopped": return {
			headline: _t("Stopped: %(names)s", { names: joinNames(finding.endpoints) }),
			advice: _t("What to do: open the endpoint, read why it was stopped, then resume it. Its deliveries wait.")
		};
		case "endpoints_resting": return {
			headline: _t("Out of service, so deliveries wait: %(names)s", { names: joinNames(finding.endpoints) }),
			advice: _t("Nothing to do yet: one delivery is tried now and then, and the rest follow when it is answered.")
		};
		case "documents_held": return {
			headline: phraseHeld(finding, nowMs),
			advice: finding.failedCount > 0 ? _t("What to do: open the exceptions, correct what the other system names, then retry.") : _t("They are sent by themselves as soon as the other system takes them.")
		};
		case "messages_parked": return {
			headline: phraseParked(finding.count),
			advice: _t("What to do: open Parked Messages, find out who published them, and resolve them with a note. Deliveries go on.")
		};
		case "endpoints_failing": return {
			headline: _t("Not answering as it should: %(names)s", { names: joinNames(finding.endpoints) }),
			advice: _t("Nothing to do yet: deliveries are sent again by themselves.")
		};
		case "endpoints_paused": return {
			headline: _t("Paused, with deliveries waiting: %(names)s", { names: joinNames(finding.endpoints) }),
			advice: _t("What to do: resume the endpoint when it may receive again.")
		};
		case "deliveries_lost": return {
			headline: phraseLost(finding.count),
			advice: _t("Nothing to do for them. If it happens again, have somebody look at RabbitMQ: it lost its data, or was away for long.")
		};
		case "not_flowing": return {
			headline: _t("Some deliveries are not moving"),
			advice: _t("What to do: look below for endpoints with waiting deliveries.")
		};
	}
}
/** What a resting endpoint waits for; empty for any other. */
function phraseNextTry(endpoint, nowMs) {
	if (!isResting(endpoint)) return "";
	return endpoint.breakerState === "half_open" || endpoint.breakerProbeAtMs === null ? _t("one delivery is being tried") : _t("next try %(time)s", { time: phraseInstant(endpoint.breakerProbeAtMs, nowMs) });
}
function phraseWaiting(count) {
	return _t("%(count)s waiting", { count: phraseCount(count) });
}
function phraseFailed(count) {
	return count === 1 ? _t("1 needs attention") : _t("%(count)s need attention", { count: phraseCount(count) });
}
function phraseHeldUp(held) {
	return _t("%(documents)s held up", { documents: phraseDocuments(held) });
}
function phraseAllEndpoints(count) {
	return _t("All %(count)s endpoints", { count: phraseCount(count) });
}
/** @param age such as "5 minutes ago" */
function phraseOldest(age) {
	return _t("oldest: %(age)s", { age });
}
function phraseSince(time) {
	return _t("since %(time)s", { time });
}
function phraseVersion(version) {
	return _t("version %(version)s", { version });
}
/** @param age such as "5 seconds ago" */
function phraseLastSeen(age) {
	return _t("last seen %(age)s", { age });
}
function phraseSilence(lastSeenAtMs, nowMs) {
	return lastSeenAtMs === null ? _t("The sidecar is silent: nothing is being sent") : _t("The sidecar has not been seen since %(time)s: nothing is being sent", { time: phraseInstant(lastSeenAtMs, nowMs) });
}
function phraseBrokerLoss(sinceMs, nowMs) {
	return sinceMs === null ? _t("The sidecar does not reach the message broker: nothing is being sent") : _t("The sidecar has not reached the message broker since %(time)s: nothing is being sent", { time: phraseInstant(sinceMs, nowMs) });
}
/** Who waits for whom, what it is worth, and since when. */
function phraseHeld(finding, nowMs) {
	const { held, endpoints } = finding;
	const documents = phraseDocuments(held);
	const time = held.sinceMs === null ? "" : phraseInstant(held.sinceMs, nowMs);
	const [only, ...others] = endpoints;
	if (only === void 0 || others.length > 2) return held.documentCount === 1 ? _t("%(documents)s has been waiting since %(time)s", {
		documents,
		time
	}) : _t("%(documents)s have been waiting since %(time)s", {
		documents,
		time
	});
	const names = joinNames(endpoints);
	return held.documentCount === 1 ? _t("%(documents)s has been waiting for %(names)s since %(time)s", {
		documents,
		names,
		time
	}) : _t("%(documents)s have been waiting for %(names)s since %(time)s", {
		documents,
		names,
		time
	});
}
function phraseLost(count) {
	return count === 1 ? _t("1 delivery was lost on the way in the last 24 hours and is sent again") : _t("%(count)s deliveries were lost on the way in the last 24 hours and are sent again", { count });
}
function phraseParked(count) {
	return count === 1 ? _t("1 message belongs to no delivery") : _t("%(count)s messages belong to no delivery", { count });
}
function joinNames(endpoints) {
	return endpoints.map(({ name }) => name).join(", ");
}
function phraseLoadError(error) {
	if (!(error instanceof RPCError)) return _t("Odoo cannot be reached, or answered something unexpected. The page tries again by itself.");
	return error.exceptionName === "odoo.exceptions.AccessError" && error.data?.message ? error.data.message : _t("Odoo could not compute the overview. The page tries again by itself.");
}
export { phraseAllEndpoints, phraseFailed, phraseFinding, phraseHeldUp, phraseLastSeen, phraseLoadError, phraseNextTry, phraseOldest, phraseSince, phraseVersion, phraseWaiting };
