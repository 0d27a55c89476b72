/** Second step: name the system and its address; its signing secret is made and shown once. */
import { Component, useState } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import type { ActionService, Orm } from "odoo-services";
import { readFields, readNumber, readText } from "../answer_fields.ts";
import { openRecord } from "../delivery_actions.ts";
import { phraseServerError } from "../server_error.ts";
import { RevealSecret } from "./reveal_secret.ts";
import type { SetupEndpoint } from "./setup_data.ts";

interface StepProps {
  endpoint: SetupEndpoint | null;
  endpoints: readonly SetupEndpoint[];
  /** Shows this endpoint from now on; null for a new one. */
  choose: (endpointId: number | null) => Promise<void>;
}

interface StepState {
  name: string;
  url: string;
  isInside: boolean;
  allowedAddresses: string;
  secret: string;
  /** Whose secret that is: it must not be shown beside another endpoint. */
  secretOf: number;
  isBusy: boolean;
  error: string;
}

export class EndpointStep extends Component<StepProps> {
  static override template = "integration_monitor.EndpointStep";
  static override props = { endpoint: { optional: true }, endpoints: Array, choose: Function };
  static components = { CopyButton, RevealSecret };

  declare orm: Orm;
  declare action: ActionService;
  declare state: StepState;

  override setup(): void {
    this.orm = useService("orm");
    this.action = useService("action");
    this.state = useState<StepState>({
      name: "",
      url: "",
      isInside: false,
      allowedAddresses: "",
      secret: "",
      secretOf: 0,
      isBusy: false,
      error: "",
    });
  }

  async create(): Promise<void> {
    const { name, url, isInside, allowedAddresses } = this.state;
    const values = { name: name.trim(), url: url.trim(), allowed_addresses: isInside && allowedAddresses };
    await this.call("create_endpoint", { values }, async (answer) => {
      const id = readNumber(answer, "id");
      this.show(id, readText(answer, "secret"));
      Object.assign(this.state, { name: "", url: "", isInside: false, allowedAddresses: "" });
      await this.props.choose(id);
    });
  }

  async renewSecret(endpoint: SetupEndpoint): Promise<void> {
    await this.call("renew_signing_secret", { endpoint_id: endpoint.id }, async (answer) => {
      this.show(endpoint.id, readText(answer, "secret"));
    });
  }

  private show(endpointId: number, secret: string): void {
    this.state.secret = secret;
    this.state.secretOf = endpointId;
  }

  private async call(
    method: string,
    kwargs: object,
    onAnswer: (answer: ReturnType<typeof readFields>) => Promise<void>,
  ): Promise<void> {
    this.state.isBusy = true;
    this.state.error = "";
    try {
      await onAnswer(readFields(await this.orm.call("integration.setup", method, [], kwargs), method));
    } catch (error) {
      this.state.error = phraseServerError(error);
    }
    this.state.isBusy = false;
  }

  get secret(): string {
    return this.props.endpoint?.id === this.state.secretOf ? this.state.secret : "";
  }

  get secretTitle(): string {
    return _t("The signing secret of this endpoint. Copy it now: it is not shown again.");
  }

  /** For whoever runs the other system; the secret itself travels by another way. */
  get instructions(): string {
    if (this.props.endpoint?.kind === "amqp") {
      return _t(
        "Odoo will publish events to the broker at %(url)s, as CloudEvents 1.0 in JSON. Each message is signed per Standard Webhooks (https://www.standardwebhooks.com): check the headers webhook-id, webhook-timestamp and webhook-signature with the signing secret that you get separately. An event may come twice; its webhook-id is then the same.",
        { url: this.props.endpoint.url },
      );
    }
    return _t(
      "Odoo will send events to %(url)s by HTTP POST, as CloudEvents 1.0 in JSON. Each request is signed per Standard Webhooks (https://www.standardwebhooks.com): check the headers webhook-id, webhook-timestamp and webhook-signature with the signing secret that you get separately. Answer 2xx when the event is stored. An event may come twice; its webhook-id is then the same.",
      { url: this.props.endpoint?.url ?? "" },
    );
  }

  get copied(): string {
    return _t("Copied");
  }

  pick(event: Event): void {
    // The only thing that calls this is the list of endpoints.
    const { value } = event.target as HTMLSelectElement;
    this.props.choose(value ? Number(value) : null);
  }

  open(endpoint: SetupEndpoint): void {
    this.action.doAction(openRecord("integration.endpoint", endpoint.id));
  }
}
