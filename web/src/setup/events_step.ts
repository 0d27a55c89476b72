/** Third step: what the endpoint hears of, chosen from the catalogue. */
import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import type { ActionService, DialogService, Orm } from "odoo-services";
import { phraseServerError } from "../server_error.ts";
import { SampleDialog } from "./sample_dialog.ts";
import type { CatalogueEntry, SetupEndpoint } from "./setup_data.ts";
import type { EventGroup } from "./setup_steps.ts";
import { groupEvents } from "./setup_steps.ts";

interface StepProps {
  endpoint: SetupEndpoint;
  catalogue: readonly CatalogueEntry[];
  onSaved: () => Promise<void>;
}

export class EventsStep extends Component<StepProps> {
  static override template = "integration_monitor.EventsStep";
  static override props = { endpoint: Object, catalogue: Array, onSaved: Function };

  declare orm: Orm;
  declare action: ActionService;
  declare dialog: DialogService;
  declare state: { chosenIds: Set<number>; isBusy: boolean; error: string };

  override setup(): void {
    this.orm = useService("orm");
    this.action = useService("action");
    this.dialog = useService("dialog");
    this.state = useState({
      chosenIds: new Set(this.props.endpoint.eventTypeIds),
      isBusy: false,
      error: "",
    });
    onWillUpdateProps(({ endpoint }: StepProps) => {
      // What somebody ticked stays, unless it is about another endpoint now.
      if (endpoint.id !== this.props.endpoint.id) {
        this.state.chosenIds = new Set(endpoint.eventTypeIds);
      }
    });
  }

  get groups(): readonly EventGroup[] {
    return groupEvents(this.props.catalogue);
  }

  get introduction(): string {
    return _t(
      "Choose what %(endpoint)s hears of. Filters and order are set later on the endpoint, if needed.",
      {
        endpoint: this.props.endpoint.name,
      },
    );
  }

  get saveLabel(): string {
    const count = this.state.chosenIds.size;
    return count === 1 ? _t("Send this 1 event") : _t("Send these %(count)s events", { count });
  }

  /** Why nothing can be saved; empty when it can. */
  get obstacle(): string {
    return this.state.chosenIds.size > 0 ? "" : _t("Choose at least one event");
  }

  toggle(entry: CatalogueEntry): void {
    if (!this.state.chosenIds.delete(entry.id)) {
      this.state.chosenIds.add(entry.id);
    }
  }

  showSample(entry: CatalogueEntry): void {
    this.dialog.add(SampleDialog, { eventTypeId: entry.id, name: entry.name });
  }

  addEventType(): void {
    this.action.doAction({
      type: "ir.actions.act_window",
      name: _t("New event type"),
      res_model: "integration.event.type",
      views: [[false, "form"]],
    });
  }

  async save(): Promise<void> {
    this.state.isBusy = true;
    this.state.error = "";
    try {
      await this.orm.call("integration.setup", "choose_events", [], {
        endpoint_id: this.props.endpoint.id,
        event_type_ids: [...this.state.chosenIds],
      });
      await this.props.onSaved();
    } catch (error) {
      this.state.error = phraseServerError(error);
    }
    this.state.isBusy = false;
  }
}
