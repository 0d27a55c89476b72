/** Entry of the browser build: every file that registers something with Odoo. */
import "./document_banner.ts";
import "./exception_menu.ts";
import "./field_picker/field_picker.ts";
import "./integration_attempt_timeline.ts";
import "./integration_bulk_operation.ts";
import "./integration_delivery_list.ts";
import "./integration_domain.ts";
import "./integration_live_text.ts";
import "./integration_state_badge.ts";
import "./integration_test_progress.ts";
import "./mapping/filter_count.ts";
import "./mapping/integration_mapping.ts";
import "./overview/overview.ts";
import "./setup/sample_dialog.ts";
import "./setup/setup.ts";
import "./setup/sidecar_key.ts";
import "./timeline/document_timeline.ts";
