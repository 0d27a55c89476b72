import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CopyButton } from "@web/core/copy_button/copy_button";
// web/src/setup/reveal_secret.ts
/** Shows a secret that nobody can see again, with a button to copy it. Gone with the page. */
var RevealSecret = class extends Component {
	static template = "integration_monitor.RevealSecret";
	static props = {
		title: String,
		secret: String,
		slots: {
			type: Object,
			optional: true
		}
	};
	static components = { CopyButton };
	get copied() {
		return _t("Copied");
	}
};
export { RevealSecret };
