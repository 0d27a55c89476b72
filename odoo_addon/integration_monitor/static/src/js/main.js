import "./exception_menu.js";
import "./integration_attempt_timeline.js";
import "./integration_bulk_operation.js";
import "./integration_delivery_list.js";
import "./integration_domain.js";
import "./integration_state_badge.js";
import "./overview/overview.js";
