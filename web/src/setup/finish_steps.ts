/** The last two steps: try it with a real record, then let it run. */
import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import type { ActionService, Orm } from "odoo-services";
import { openRecord } from "../delivery_actions.ts";
import { phraseServerError } from "../server_error.ts";
import type { SetupEndpoint } from "./setup_data.ts";

interface StepProps {
  endpoint: SetupEndpoint;
  /** Whether a sidecar reports: nothing is sent without one. */
  isSidecarAlive: boolean;
  reload: () => Promise<void>;
}

abstract class EndpointActionStep extends Component<StepProps> {
  static override props = { endpoint: Object, isSidecarAlive: Boolean, reload: Function };

  declare orm: Orm;
  declare action: ActionService;
  declare state: { isBusy: boolean; error: string };

  override setup(): void {
    this.orm = useService("orm");
    this.action = useService("action");
    this.state = useState({ isBusy: false, error: "" });
  }

  protected async call(method: string): Promise<unknown> {
    this.state.isBusy = true;
    this.state.error = "";
    try {
      return await this.orm.call("integration.endpoint", method, [[this.props.endpoint.id]]);
    } catch (error) {
      this.state.error = phraseServerError(error);
      return null;
    } finally {
      this.state.isBusy = false;
    }
  }

  openEndpoint(): void {
    this.action.doAction(openRecord("integration.endpoint", this.props.endpoint.id));
  }
}

export class TestStep extends EndpointActionStep {
  static override template = "integration_monitor.TestStep";

  get introduction(): string {
    return _t(
      "Send one event about a document of your choice to %(endpoint)s, and read what it answers. It is marked as a test and counts in no figure.",
      { endpoint: this.props.endpoint.name },
    );
  }

  async send(): Promise<void> {
    const action = await this.call("action_send_test");
    if (action) {
      await this.action.doAction(action as Readonly<Record<string, unknown>>, {
        onClose: () => this.props.reload(),
      });
    }
  }

  get outcome(): string {
    switch (this.props.endpoint.testState) {
      case "":
        return "";
      case "delivered":
      case "acknowledged":
        return _t("The last test was taken.");
      case "pending":
      case "queued":
        return _t("The last test is on its way.");
      default:
        return _t("The last test was not taken. Open the endpoint to read its answer.");
    }
  }

  get isTaken(): boolean {
    return ["delivered", "acknowledged"].includes(this.props.endpoint.testState);
  }
}

export class ActivateStep extends EndpointActionStep {
  static override template = "integration_monitor.ActivateStep";

  get introduction(): string {
    return _t(
      "From then on %(endpoint)s gets each of the chosen events. You can pause it at any time: what happens meanwhile waits.",
      { endpoint: this.props.endpoint.name },
    );
  }

  get finished(): string {
    return _t("%(endpoint)s is active.", { endpoint: this.props.endpoint.name });
  }

  async activate(): Promise<void> {
    await this.call("action_activate");
    await this.props.reload();
  }

  /** What is missing before it makes sense; empty when nothing is. */
  get obstacle(): string {
    if (this.props.endpoint.eventTypeIds.length === 0) {
      return _t("Choose at least one event first (step 3).");
    }
    return "";
  }

  openOverview(): void {
    this.action.doAction("integration_monitor.integration_monitor_action_overview", {
      clearBreadcrumbs: true,
    });
  }

  openDeliveries(): void {
    this.action.doAction({
      type: "ir.actions.act_window",
      name: this.props.endpoint.name,
      res_model: "integration.delivery",
      domain: [["endpoint_id", "=", this.props.endpoint.id]],
      views: [
        [false, "list"],
        [false, "form"],
      ],
    });
  }
}
