/** Views `integration_delivery_list` and `integration_delivery_kanban`: deliveries that change while one watches. */
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { type ClickParams, ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { useLiveRows } from "./live_rows.ts";

export class IntegrationDeliveryListController extends ListController {
  override setup(): void {
    super.setup();
    useLiveRows(this.model);
  }

  /** Says whether the whole filter is meant: the ids of the rows are cut off at Odoo's limit. */
  override async beforeExecuteActionButton(clickParams: ClickParams): Promise<boolean | undefined> {
    if (this.model.root.isDomainSelected && clickParams.buttonContext) {
      clickParams.buttonContext.integration_select_all = true;
    }
    return await super.beforeExecuteActionButton(clickParams);
  }
}

export class IntegrationDeliveryKanbanController extends KanbanController {
  override setup(): void {
    super.setup();
    useLiveRows(this.model);
  }
}

registry.category("views").add("integration_delivery_list", {
  ...listView,
  Controller: IntegrationDeliveryListController,
});
registry.category("views").add("integration_delivery_kanban", {
  ...kanbanView,
  Controller: IntegrationDeliveryKanbanController,
});
