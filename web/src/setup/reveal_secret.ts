/** Shows a secret that nobody can see again, with a button to copy it. Gone with the page. */
import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";

export class RevealSecret extends Component<{ title: string; secret: string }> {
  static override template = "integration_monitor.RevealSecret";
  static override props = { title: String, secret: String, slots: { type: Object, optional: true } };
  static components = { CopyButton };

  get copied(): string {
    return _t("Copied");
  }
}
