/**
 * View widget `integration_document_banner`: says on a document that a person is needed, and lets this person
 * act. It shows nothing as long as nobody is needed. Odoo decides who may act and words the cases; every
 * action asks again there.
 */
import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import type { RelationalRecord } from "relational-record";
import type { DocumentCase } from "./document_cases.ts";
import { parseCases } from "./document_cases.ts";

/** More of them are counted and shown in the list of deliveries. */
const CASES_MAX = 3;
const CANCEL_WIZARD = "integration_monitor.integration_delivery_cancel_wizard_action";

interface WidgetProps {
  readonly record: RelationalRecord;
}

interface ButtonTarget {
  readonly resModel: string;
  readonly resId: number | false;
}

/** What the form offers to whatever has buttons: it saves first, and reads the record again afterwards. */
interface FormEnv {
  onClickViewButton(click: {
    readonly clickParams: { readonly type: "object" | "action"; readonly name: string };
    readonly getResParams: () => object;
  }): Promise<void>;
}

export class IntegrationDocumentBanner extends Component<WidgetProps> {
  static override template = "integration_monitor.DocumentBanner";
  static override props = { ...standardWidgetProps };

  get cases(): readonly DocumentCase[] {
    return parseCases(this.props.record.data.integration_cases);
  }

  get shownCases(): readonly DocumentCase[] {
    return this.cases.slice(0, CASES_MAX);
  }

  get hiddenCount(): number {
    return this.cases.length - this.shownCases.length;
  }

  get moreLabel(): string {
    return _t("And %(count)s more: see all deliveries", { count: this.hiddenCount });
  }

  /** For who may see the case but not act. */
  phraseAsk({ askWhom }: DocumentCase): string {
    return askWhom
      ? _t("You may see this but not send it again. Ask %(name)s, who takes care of it.", { name: askWhom })
      : _t(
          "You may see this but not send it again. Ask a colleague who may edit this document, or an integration operator.",
        );
  }

  retry({ deliveryId }: DocumentCase): Promise<void> {
    return this.click("object", "action_retry", { resModel: "integration.delivery", resId: deliveryId });
  }

  sendCurrent({ deliveryId }: DocumentCase): Promise<void> {
    return this.click("object", "action_send_current", {
      resModel: "integration.delivery",
      resId: deliveryId,
    });
  }

  giveUp({ deliveryId }: DocumentCase): Promise<void> {
    return this.click("action", CANCEL_WIZARD, { resModel: "integration.delivery", resId: deliveryId });
  }

  showTimeline(): Promise<void> {
    return this.click("object", "action_view_integration_timeline", this.props.record);
  }

  showDeliveries(): Promise<void> {
    return this.click("object", "action_view_integration_deliveries", this.props.record);
  }

  click(type: "object" | "action", name: string, { resModel, resId }: ButtonTarget): Promise<void> {
    // The form puts it there (useViewButtons in @web/views/view_button/view_button_hook).
    const form = this.env as unknown as FormEnv;
    return form.onClickViewButton({
      clickParams: { type, name },
      getResParams: () => ({ resModel, resId, resIds: resId ? [resId] : [], context: {}, evalContext: {} }),
    });
  }
}

registry.category("view_widgets").add("integration_document_banner", {
  component: IntegrationDocumentBanner,
  fieldDependencies: [{ name: "integration_cases", type: "json" }],
});
