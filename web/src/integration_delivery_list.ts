/**
 * List `integration_delivery_list`: deliveries that change state while one watches. Rows that somebody has
 * ticked or is editing stay as they are; the list catches up as soon as the hands are off.
 */
import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { MONITOR_HINTS } from "./bus_hints.ts";
import { useLiveRefresh } from "./live_refresh.ts";

/** Least time between two reloads of the list, in ms. */
const RELOAD_SPACING_MS = 1000;

export class IntegrationDeliveryListController extends ListController {
  /** A hint came while rows were in use. */
  declare isStale: boolean;

  override setup(): void {
    super.setup();
    this.isStale = false;
    const gate = useLiveRefresh({
      getSource: () => MONITOR_HINTS,
      refresh: () => this.reloadRows(),
      spacingMs: RELOAD_SPACING_MS,
    });
    useEffect(
      (isInUse) => {
        if (!isInUse && this.isStale) {
          gate.request();
        }
      },
      () => [this.isInUse],
    );
  }

  get isInUse(): boolean {
    const { selection, isDomainSelected, editedRecord } = this.model.root;
    return selection.length > 0 || isDomainSelected || Boolean(editedRecord);
  }

  private async reloadRows(): Promise<void> {
    this.isStale = this.isInUse;
    if (!this.isStale) {
      await this.model.load();
    }
  }
}

registry.category("views").add("integration_delivery_list", {
  ...listView,
  Controller: IntegrationDeliveryListController,
});
