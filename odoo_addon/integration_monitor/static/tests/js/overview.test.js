import { IntegrationAttempt, IntegrationDelivery, sendMonitorHint } from "./monitor_models.js";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, getService, makeServerError, mountWebClient, onRpc } from "@web/../tests/web_test_helpers";
// web/hoot/overview.hoot.ts
defineMailModels();
defineModels([IntegrationDelivery, IntegrationAttempt]);
var PAYER = {
	id: 7,
	name: "Payer",
	state: "active",
	health: "ok",
	breaker_state: "closed",
	breaker_probe_at: false,
	pending_count: 0,
	failed_count: 0,
	last_delivered_at: "2026-11-20T08:31:54.123Z",
	last_error: false
};
var ALIVE_WORKER = {
	name: "host:1",
	version: "0.1.0",
	last_seen_at: "2026-11-20T08:32:00.000Z",
	alive: true
};
/** What Odoo answers when everything is fine. */
var ALL_WELL = {
	workers: [ALIVE_WORKER],
	is_flowing: true,
	counts: {
		pending: 2,
		queued: 1,
		failed: 0,
		delivered_24h: 40,
		lost_24h: 0,
		parked: 0
	},
	oldest_pending_at: false,
	endpoints: [PAYER],
	server_time: "2026-11-20T08:32:05.000Z"
};
async function openOverview(getAnswer) {
	onRpc("integration.delivery", "get_exception_count", () => ({ count: 0 }));
	onRpc("integration.delivery", "get_overview", getAnswer);
	await mountWebClient();
	await getService("action").doAction({
		type: "ir.actions.client",
		tag: "integration_monitor.overview"
	});
	await animationFrame();
}
test("when everything flows it says so, with the numbers", async () => {
	await openOverview(() => ALL_WELL);
	expect(".o_integration_overview_header h2").toHaveText("Everything is flowing");
	expect(".o_integration_overview_header").toHaveClass("alert-success");
	expect(queryAllTexts(".o_integration_overview_count")).toEqual([
		"2",
		"1",
		"0",
		"40"
	]);
	expect(".o_integration_overview_endpoints tbody tr").toHaveCount(1);
	expect(".o_integration_overview_workers li").toHaveText(/5 seconds ago/);
});
test("what got lost on the way is said below the headline", async () => {
	await openOverview(() => ({
		...ALL_WELL,
		counts: {
			...ALL_WELL.counts,
			lost_24h: 2
		}
	}));
	expect(".o_integration_overview_header h2").toHaveText("Everything is flowing");
	expect(".o_integration_overview").toHaveText(/2 deliveries were lost on the way in the last 24 hours/);
});
test("it counts what needs attention and follows the deliveries", async () => {
	let failed = 1;
	await openOverview(() => ({
		...ALL_WELL,
		counts: {
			...ALL_WELL.counts,
			failed
		}
	}));
	expect(".o_integration_overview_header h2").toHaveText("1 delivery needs attention");
	failed = 3;
	await sendMonitorHint();
	await advanceTime(1e3);
	await animationFrame();
	expect(".o_integration_overview_header h2").toHaveText("3 deliveries need attention");
	expect(".o_integration_overview_header").toHaveClass("alert-warning");
});
test("a resting endpoint is named, with the time of its next try", async () => {
	const resting = {
		...PAYER,
		health: "stopped",
		breaker_state: "open",
		breaker_probe_at: "2026-11-20T08:33:00.000Z"
	};
	await openOverview(() => ({
		...ALL_WELL,
		endpoints: [resting]
	}));
	expect(".o_integration_overview_header h2").toHaveText("Out of service, so deliveries wait: Payer");
	expect(".o_integration_overview_header").toHaveClass("alert-warning");
	expect(".o_integration_overview_endpoints .badge").toHaveText("Sends nothing for now");
	expect(".o_integration_next_try").toHaveText(/^next try /);
});
test("a silent sidecar is the first thing said, without any hint arriving", async () => {
	let alive = true;
	await openOverview(() => ({
		...ALL_WELL,
		workers: [{
			...ALIVE_WORKER,
			alive
		}]
	}));
	expect(".o_integration_overview_header").toHaveClass("alert-success");
	alive = false;
	await advanceTime(16e3);
	await animationFrame();
	expect(".o_integration_overview_header h2").toHaveText(/The sidecar has not been seen since .*: nothing is being sent/);
	expect(".o_integration_overview_header").toHaveClass("alert-danger");
});
test("the first visit says what to do first", async () => {
	await openOverview(() => ({
		...ALL_WELL,
		endpoints: [],
		workers: []
	}));
	expect(".o_integration_overview_header h2").toHaveText("No system is connected yet");
	expect(".o_integration_create_endpoint").toHaveCount(1);
	expect(".o_integration_overview_card").toHaveCount(0);
});
test("whoever may not create endpoints is told who can", async () => {
	onRpc("res.users", "has_group", () => false);
	await openOverview(() => ({
		...ALL_WELL,
		endpoints: [],
		workers: []
	}));
	expect(".o_integration_create_endpoint").toHaveCount(0);
	expect(".o_integration_overview_header").toHaveText(/created by an integration manager/);
});
test("a refused page says so, and a second try shows the numbers", async () => {
	let isRefused = true;
	await openOverview(() => {
		if (isRefused) throw makeServerError({
			type: "AccessError",
			message: "This takes the role Integration User."
		});
		return ALL_WELL;
	});
	expect(".o_integration_overview_error").toHaveText(/This takes the role Integration User\./);
	expect(".o_error_dialog").toHaveCount(0);
	isRefused = false;
	await contains(".o_integration_overview_error button").click();
	await animationFrame();
	expect(".o_integration_overview_error").toHaveCount(0);
	expect(".o_integration_overview_header h2").toHaveText("Everything is flowing");
});
