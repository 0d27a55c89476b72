import { readFields, readNumber, readText } from "../answer_fields.js";
import { openRecord } from "../delivery_actions.js";
import { phraseServerError } from "../server_error.js";
import { RevealSecret } from "./reveal_secret.js";
import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { CopyButton } from "@web/core/copy_button/copy_button";
// web/src/setup/endpoint_step.ts
/** Second step: name the system and its address; its signing secret is made and shown once. */
var EndpointStep = class extends Component {
	static template = "integration_monitor.EndpointStep";
	static props = {
		endpoint: { optional: true },
		endpoints: Array,
		choose: Function
	};
	static components = {
		CopyButton,
		RevealSecret
	};
	setup() {
		this.orm = useService("orm");
		this.action = useService("action");
		this.state = useState({
			name: "",
			url: "",
			isInside: false,
			allowedAddresses: "",
			secret: "",
			secretOf: 0,
			isBusy: false,
			error: ""
		});
	}
	async create() {
		const { name, url, isInside, allowedAddresses } = this.state;
		const values = {
			name: name.trim(),
			url: url.trim(),
			allowed_addresses: isInside && allowedAddresses
		};
		await this.call("create_endpoint", { values }, async (answer) => {
			const id = readNumber(answer, "id");
			this.show(id, readText(answer, "secret"));
			Object.assign(this.state, {
				name: "",
				url: "",
				isInside: false,
				allowedAddresses: ""
			});
			await this.props.choose(id);
		});
	}
	async renewSecret(endpoint) {
		await this.call("renew_signing_secret", { endpoint_id: endpoint.id }, async (answer) => {
			this.show(endpoint.id, readText(answer, "secret"));
		});
	}
	show(endpointId, secret) {
		this.state.secret = secret;
		this.state.secretOf = endpointId;
	}
	async call(method, kwargs, onAnswer) {
		this.state.isBusy = true;
		this.state.error = "";
		try {
			await onAnswer(readFields(await this.orm.call("integration.setup", method, [], kwargs), method));
		} catch (error) {
			this.state.error = phraseServerError(error);
		}
		this.state.isBusy = false;
	}
	get secret() {
		return this.props.endpoint?.id === this.state.secretOf ? this.state.secret : "";
	}
	get secretTitle() {
		return _t("The signing secret of this endpoint. Copy it now: it is not shown again.");
	}
	/** For whoever runs the other system; the secret itself travels by another way. */
	get instructions() {
		if (this.props.endpoint?.kind === "amqp") return _t("Odoo will publish events to the broker at %(url)s, as CloudEvents 1.0 in JSON. Each message is signed per Standard Webhooks (https://www.standardwebhooks.com): check the headers webhook-id, webhook-timestamp and webhook-signature with the signing secret that you get separately. An event may come twice; its webhook-id is then the same.", { url: this.props.endpoint.url });
		return _t("Odoo will send events to %(url)s by HTTP POST, as CloudEvents 1.0 in JSON. Each request is signed per Standard Webhooks (https://www.standardwebhooks.com): check the headers webhook-id, webhook-timestamp and webhook-signature with the signing secret that you get separately. Answer 2xx when the event is stored. An event may come twice; its webhook-id is then the same.", { url: this.props.endpoint?.url ?? "" });
	}
	get copied() {
		return _t("Copied");
	}
	pick(event) {
		const { value } = event.target;
		this.props.choose(value ? Number(value) : null);
	}
	open(endpoint) {
		this.action.doAction(openRecord("integration.endpoint", endpoint.id));
	}
};
export { EndpointStep };
