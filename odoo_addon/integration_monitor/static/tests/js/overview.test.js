import { IntegrationAttempt, IntegrationDelivery, sendMonitorHint } from "./monitor_models.js";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, defineModels, getService, makeServerError, mockService, mountWebClient, onRpc } from "@web/../tests/web_test_helpers";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
// web/hoot/overview.hoot.ts
defineMailModels();
defineModels([IntegrationDelivery, IntegrationAttempt]);
var NOTHING_HELD = {
	deliveries: 0,
	documents: 0,
	since: false,
	money: [],
	worth: false
};
var SOME_HELD = {
	...NOTHING_HELD,
	deliveries: 3,
	documents: 2,
	since: "2026-11-20T08:12:00.000Z"
};
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
	last_error: false,
	oldest_at: false,
	held: NOTHING_HELD,
	delivered: { "1": 40 },
	troubled: {}
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
	period: "24h",
	companies: [{
		id: 1,
		name: "Clinic"
	}],
	company_id: false,
	counts: {
		pending: 2,
		queued: 1,
		failed: 0,
		delivered: 40,
		lost_24h: 0,
		parked: 0
	},
	oldest_pending_at: false,
	held: NOTHING_HELD,
	processes: [{
		key: "finance",
		name: "Finance",
		waiting: 2,
		failed: 0,
		held: NOTHING_HELD
	}],
	endpoints: [PAYER],
	endpoint_count: 1,
	series: {
		starts: ["2026-11-20 07:00:00", "2026-11-20 08:00:00"],
		delivered: [0, 40],
		retried: [0, 0],
		failed: [0, 0],
		half_within: [null, 120],
		most_within: [null, 400]
	},
	domains: {
		held: [[
			"state",
			"=",
			"failed"
		]],
		lost: [],
		company: []
	},
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
	expect(".o_integration_overview_endpoint").toHaveCount(1);
	expect(".o_integration_overview_process .badge").toHaveText("Flowing");
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
test("it says what is held up for whom, and follows the deliveries", async () => {
	let held = NOTHING_HELD;
	await openOverview(() => ({
		...ALL_WELL,
		held,
		endpoints: [{
			...PAYER,
			held
		}],
		processes: [{
			key: "finance",
			name: "Finance",
			waiting: 2,
			failed: 3,
			held
		}]
	}));
	expect(".o_integration_overview_header").toHaveClass("alert-success");
	held = SOME_HELD;
	await sendMonitorHint();
	await advanceTime(1e3);
	await animationFrame();
	expect(".o_integration_overview_header h2").toHaveText(/^2 documents have been waiting for Payer since /);
	expect(".o_integration_overview_header").toHaveClass("alert-warning");
	expect(".o_integration_overview_process .badge").toHaveText("Held up");
});
test("another period is asked for, and the button says which one is shown", async () => {
	const asked = [];
	await openOverview(({ kwargs }) => {
		asked.push(kwargs.period);
		return {
			...ALL_WELL,
			period: kwargs.period
		};
	});
	await contains("[data-period='30d']").click();
	await animationFrame();
	expect(asked).toEqual(["24h", "30d"]);
	expect("[data-period='30d']").toHaveAttribute("aria-pressed", "true");
	expect("[data-card='delivered']").toHaveText(/Delivered in 30 days/);
});
test("without a program for PDFs on the server, the page to print is shown", async () => {
	onRpc("/report/check_wkhtmltopdf", () => "install");
	await openOverview(() => ({
		...ALL_WELL,
		period: "7d"
	}));
	mockService("action", { doAction(request) {
		expect.step(JSON.stringify([request.report_type, request.data]));
	} });
	await contains(".o_integration_overview_print").click();
	await animationFrame();
	expect.verifySteps([JSON.stringify(["qweb-html", {
		period: "7d",
		company_id: 0
	}])]);
});
test("with several companies one can be chosen", async () => {
	const asked = [];
	const companies = [...ALL_WELL.companies, {
		id: 2,
		name: "Laboratory"
	}];
	await openOverview(({ kwargs }) => {
		asked.push(kwargs.company_id);
		return {
			...ALL_WELL,
			companies,
			company_id: kwargs.company_id
		};
	});
	await contains(".o_integration_overview_company").select("2");
	await animationFrame();
	expect(asked).toEqual([false, 2]);
});
test("every number of a chart is in its table too, and opens the attempts behind it", async () => {
	await openOverview(() => ALL_WELL);
	mockService("action", { doAction(request) {
		expect.step(JSON.stringify([request.res_model, request.domain]));
	} });
	await contains("[data-chart='throughput'] summary").click();
	await contains("[data-chart='throughput'] tbody button").click();
	expect.verifySteps([JSON.stringify(["integration.delivery.attempt", [[
		"outcome",
		"in",
		["delivered"]
	], [
		"started_at",
		">=",
		"2026-11-20 08:00:00"
	]]])]);
});
test("a sidecar that does not reach the broker is the first thing said", async () => {
	const worker = {
		...ALIVE_WORKER,
		broker_state: "away",
		broker_lost_at: "2026-11-20T08:30:00.000Z"
	};
	await openOverview(() => ({
		...ALL_WELL,
		is_flowing: false,
		workers: [worker]
	}));
	expect(".o_integration_overview_process .badge").toHaveText("Not sending");
	expect(".o_integration_overview_header h2").toHaveText(/has not reached the message broker since/);
	expect(".o_integration_overview_header").toHaveClass("alert-danger");
	expect(".o_integration_broker").toHaveText("Broker not reached");
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
	expect(".o_integration_overview_endpoint .badge").toHaveText("Sends nothing for now");
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
test("of several sidecars, the one that is silent says what to do about it", async () => {
	const silent = {
		...ALIVE_WORKER,
		name: "host:2",
		alive: false
	};
	await openOverview(() => ({
		...ALL_WELL,
		workers: [ALIVE_WORKER, silent]
	}));
	expect(".o_integration_overview_header h2").toHaveText("Everything is flowing");
	expect(queryAllTexts(".o_integration_worker_advice")).toEqual(["The others do its work. Start it again, unless it was replaced; then it disappears from here by itself."]);
});
test("the first visit says what to do first", async () => {
	await openOverview(() => ({
		...ALL_WELL,
		endpoints: [],
		workers: []
	}));
	expect(".o_integration_overview_header h2").toHaveText("No system is connected yet");
	expect(".o_integration_open_setup").toHaveCount(1);
	expect(".o_integration_overview_card").toHaveCount(0);
});
test("whoever may not create endpoints is told who can", async () => {
	onRpc("res.users", "has_group", () => false);
	await openOverview(() => ({
		...ALL_WELL,
		endpoints: [],
		workers: []
	}));
	expect(".o_integration_open_setup").toHaveCount(0);
	expect(".o_integration_overview_header").toHaveText(/set up by an integration administrator/);
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
