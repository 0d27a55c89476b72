import { MONITOR_HINTS } from "./bus_hints.js";
import { useLiveRefresh } from "./live_refresh.js";
import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
// web/src/integration_delivery_list.ts
/**
* List `integration_delivery_list`: deliveries that change state while one watches. Rows that somebody has
* ticked or is editing stay as they are; the list catches up as soon as the hands are off.
*/
/** Least time between two reloads of the list, in ms. */
var RELOAD_SPACING_MS = 1e3;
var IntegrationDeliveryListController = class extends ListController {
	setup() {
		super.setup();
		this.isStale = false;
		const gate = useLiveRefresh({
			getSource: () => MONITOR_HINTS,
			refresh: () => this.reloadRows(),
			spacingMs: RELOAD_SPACING_MS
		});
		useEffect((isInUse) => {
			if (!isInUse && this.isStale) gate.request();
		}, () => [this.isInUse]);
	}
	get isInUse() {
		const { selection, isDomainSelected, editedRecord } = this.model.root;
		return selection.length > 0 || isDomainSelected || Boolean(editedRecord);
	}
	async reloadRows() {
		this.isStale = this.isInUse;
		if (!this.isStale) await this.model.load();
	}
};
registry.category("views").add("integration_delivery_list", {
	...listView,
	Controller: IntegrationDeliveryListController
});
export { IntegrationDeliveryListController };
