import { useLiveRows } from "./live_rows.js";
import { registry } from "@web/core/registry";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
// web/src/integration_delivery_list.ts
/** Views `integration_delivery_list` and `integration_delivery_kanban`: deliveries that change while one watches. */
var IntegrationDeliveryListController = class extends ListController {
	setup() {
		super.setup();
		useLiveRows(this.model);
	}
	/** Says whether the whole filter is meant: the ids of the rows are cut off at Odoo's limit. */
	async beforeExecuteActionButton(clickParams) {
		if (this.model.root.isDomainSelected && clickParams.buttonContext) clickParams.buttonContext.integration_select_all = true;
		return await super.beforeExecuteActionButton(clickParams);
	}
};
var IntegrationDeliveryKanbanController = class extends KanbanController {
	setup() {
		super.setup();
		useLiveRows(this.model);
	}
};
registry.category("views").add("integration_delivery_list", {
	...listView,
	Controller: IntegrationDeliveryListController
});
registry.category("views").add("integration_delivery_kanban", {
	...kanbanView,
	Controller: IntegrationDeliveryKanbanController
});
export { IntegrationDeliveryKanbanController, IntegrationDeliveryListController };
