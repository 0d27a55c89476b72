import { phraseAge, phraseInstant } from "../overview/overview_amounts.js";
import { phraseServerError } from "../server_error.js";
import { RevealSecret } from "./reveal_secret.js";
import { findArrived } from "./setup_steps.js";
import { listFiles } from "./sidecar_files.js";
import { SIDECAR_KEY_EVENT } from "./sidecar_key.js";
import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useBus, useService } from "@web/core/utils/hooks";
import { browser } from "@web/core/browser/browser";
import { CopyButton } from "@web/core/copy_button/copy_button";
// web/src/setup/sidecar_step.ts
/** First step: make the account and its key, say what to put where, watch until the sidecar reports. */
/** Until then an absent heartbeat is no sign of trouble: a sidecar needs a few seconds to start, in ms. */
var PATIENCE_MS = 4e4;
var SidecarStep = class extends Component {
	static template = "integration_monitor.SidecarStep";
	static props = {
		sidecar: Object,
		reload: Function
	};
	static components = {
		CopyButton,
		RevealSecret
	};
	setup() {
		this.orm = useService("orm");
		this.action = useService("action");
		this.state = useState({
			oldKeys: "overlap",
			key: "",
			login: "",
			odooUrl: this.props.sidecar.odooUrl,
			amqpUrl: "amqp://user:password@rabbitmq:5672/",
			kind: "compose",
			isUnfolded: false,
			isBusy: false,
			error: "",
			isLate: false
		});
		this.namesBefore = /* @__PURE__ */ new Set();
		this.timer = 0;
		useBus(this.env.bus, SIDECAR_KEY_EVENT, (event) => this.onKey(event.detail));
		onWillUnmount(() => {
			this.state.key = "";
			browser.clearTimeout(this.timer);
		});
	}
	async makeKey() {
		this.state.isBusy = true;
		this.state.error = "";
		try {
			const action = await this.orm.call("integration.setup", "create_sidecar_key", [], { old_keys: this.state.oldKeys });
			await this.action.doAction(action);
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
		this.state.isBusy = false;
	}
	async onKey({ key, login }) {
		this.namesBefore = new Set(this.alive.map((worker) => worker.name));
		this.state.key = key;
		this.state.login = login;
		this.state.isLate = false;
		browser.clearTimeout(this.timer);
		this.timer = browser.setTimeout(() => {
			this.state.isLate = true;
		}, PATIENCE_MS);
		await this.props.reload();
	}
	get alive() {
		return this.props.sidecar.workers.filter((worker) => worker.isAlive);
	}
	get isUnfolded() {
		return this.state.isUnfolded || this.state.key !== "" || this.alive.length === 0;
	}
	get arrived() {
		return this.state.key ? findArrived(this.props.sidecar.workers, this.namesBefore) : [];
	}
	/** Those that prove nothing about the new key. */
	get others() {
		return this.alive.filter((worker) => !this.arrived.includes(worker));
	}
	get files() {
		const { sidecar } = this.props;
		return listFiles(this.state.kind, {
			odooUrl: this.state.odooUrl,
			database: sidecar.database,
			login: this.state.login || sidecar.account?.login || "integration_sidecar",
			apiKey: this.state.key,
			amqpUrl: this.state.amqpUrl
		});
	}
	get kinds() {
		return [
			{
				kind: "compose",
				label: _t("Docker Compose")
			},
			{
				kind: "systemd",
				label: _t("Linux service (systemd)")
			},
			{
				kind: "npm",
				label: _t("By hand (npm)")
			}
		];
	}
	get keyChoices() {
		return [
			{
				value: "overlap",
				label: _t("End in 24 hours: time enough to hand over the new one")
			},
			{
				value: "now",
				label: _t("End now: a sidecar that uses them stops sending until it has the new one")
			},
			{
				value: "keep",
				label: _t("Stay: the new one is for one more sidecar")
			}
		];
	}
	get copied() {
		return _t("Copied");
	}
	get keyTitle() {
		return _t("The API key of the sidecar. Copy it now: it is not shown again.");
	}
	/** When the one that was seen last was seen. */
	get silence() {
		const lastSeenAtMs = this.props.sidecar.workers[0]?.lastSeenAtMs ?? null;
		return _t("The sidecar has not been seen since %(time)s.", { time: this.formatInstant(lastSeenAtMs) });
	}
	get accountNote() {
		const { account } = this.props.sidecar;
		const login = account?.login ?? "";
		return account?.isActive ? _t("Its account is “%(login)s”.", { login }) : _t("Its account is “%(login)s”, which is archived; a new key restores it.", { login });
	}
	get reachAdvice() {
		return _t("Does it reach Odoo? From its machine, %(address)s must answer. “localhost” in a container means the container.", { address: this.state.odooUrl });
	}
	phraseHeartbeat({ version, lastSeenAtMs }) {
		const age = phraseAge(lastSeenAtMs, this.props.sidecar.serverTimeMs);
		return _t("version %(version)s, last heartbeat %(age)s", {
			version,
			age
		});
	}
	phraseWorker({ name, version }) {
		return _t("%(name)s (version %(version)s)", {
			name,
			version
		});
	}
	phraseEnd({ endsAtMs }) {
		return endsAtMs === null ? _t("has no end") : _t("ends %(time)s", { time: this.formatInstant(endsAtMs) });
	}
	formatInstant(instantMs) {
		return instantMs === null ? "" : phraseInstant(instantMs, this.props.sidecar.serverTimeMs);
	}
};
export { SidecarStep };
