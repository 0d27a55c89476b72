/** Views `integration_delivery_list` and `integration_delivery_kanban`: deliveries that change while one watches. */
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { useLiveRows } from "./live_rows.ts";

export class IntegrationDeliveryListController extends ListController {
  override setup(): void {
    super.setup();
    useLiveRows(this.model);
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
