import { phraseServerError } from "../server_error.js";
import { EndpointStep } from "./endpoint_step.js";
import { EventsStep } from "./events_step.js";
import { ActivateStep, TestStep } from "./finish_steps.js";
import { parseSetup, parseSidecar } from "./setup_data.js";
import { STEPS, chooseEndpoint, findDone, findNextStep, isOpenable } from "./setup_steps.js";
import { SidecarStep } from "./sidecar_step.js";
import { Component, onMounted, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
// web/src/setup/setup.ts
/**
* Client action `integration_monitor.setup`: from nothing to the first delivered event in five steps. What is
* done follows from what is there (`setup_steps.ts`), so it can be left at any moment and goes on later.
*/
/** How often a sidecar is looked for while its step is open, in ms. */
var WATCH_MS = 3e3;
var IntegrationSetup = class extends Component {
	static template = "integration_monitor.Setup";
	static props = { ...standardActionServiceProps };
	static components = {
		ActivateStep,
		EndpointStep,
		EventsStep,
		Layout,
		SidecarStep,
		TestStep
	};
	setup() {
		this.orm = useService("orm").silent;
		this.state = useState({
			data: null,
			error: "",
			openStep: null,
			endpointId: null
		});
		this.reload = () => this.load();
		this.chooseEndpoint = async (endpointId) => {
			this.state.endpointId = endpointId;
			await this.load();
		};
		this.finishEvents = async () => {
			await this.load();
			this.goOn("events");
		};
		this.page = useRef("page");
		this.isMoved = false;
		useEffect(() => {
			if (this.isMoved) this.page.el?.querySelector(`[data-step=${this.state.openStep}] button`)?.focus();
		}, () => [this.state.openStep]);
		let timer = 0;
		onMounted(async () => {
			timer = browser.setInterval(() => this.watchSidecar(), WATCH_MS);
			await this.load();
			this.begin();
		});
		onWillUnmount(() => browser.clearInterval(timer));
	}
	async load() {
		try {
			this.state.data = parseSetup(await this.orm.call("integration.setup", "get_state"));
			this.state.error = "";
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
	}
	begin() {
		const { data } = this.state;
		if (data) {
			const wantedId = this.props.action.params?.endpoint_id ?? null;
			this.state.endpointId = chooseEndpoint(data.endpoints, wantedId)?.id ?? null;
			this.state.openStep = findNextStep(this.done);
		}
	}
	async watchSidecar() {
		if (document.hidden || this.state.openStep !== "sidecar" || !this.state.data) return;
		try {
			const sidecar = parseSidecar(await this.orm.call("integration.setup", "get_sidecar"));
			this.state.data = {
				...this.state.data,
				sidecar
			};
			this.state.error = "";
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
	}
	get endpoint() {
		const { data, endpointId } = this.state;
		return data?.endpoints.find((endpoint) => endpoint.id === endpointId) ?? null;
	}
	get done() {
		return this.state.data ? findDone(this.state.data, this.endpoint) : /* @__PURE__ */ new Set();
	}
	get isSidecarAlive() {
		return this.done.has("sidecar");
	}
	get steps() {
		return STEPS.map((step, index) => ({
			step,
			number: index + 1,
			title: this.titles[step],
			isDone: this.done.has(step),
			isOpen: this.state.openStep === step,
			obstacle: isOpenable(step, this.endpoint) ? "" : _t("Add a system first (step 2)")
		}));
	}
	get titles() {
		return {
			sidecar: _t("Connect the sidecar"),
			endpoint: _t("Add the system that shall hear from Odoo"),
			events: _t("Choose what it hears of"),
			test: _t("Send a test"),
			activate: _t("Let it run")
		};
	}
	get progress() {
		return _t("%(done)s of %(all)s steps done", {
			done: this.done.size,
			all: STEPS.length
		});
	}
	get isComplete() {
		return this.done.size === STEPS.length;
	}
	/** What the bar of progress fills, in per cent. */
	get percentage() {
		return Math.round(this.done.size / STEPS.length * 100);
	}
	toggle(step) {
		this.open(this.state.openStep === step ? null : step);
	}
	open(step) {
		this.isMoved = true;
		this.state.openStep = step;
	}
	/** The step after this one. */
	goOn(step) {
		this.open(STEPS[STEPS.indexOf(step) + 1] ?? null);
	}
};
registry.category("actions").add("integration_monitor.setup", IntegrationSetup);
export { IntegrationSetup };
