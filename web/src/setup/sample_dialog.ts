/** What an event of a type looks like, and its JSON Schema; opened by the set-up and by the catalogue. */
import { Component, onWillStart, useState } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import type { ActionRequest, OdooEnv, Orm } from "odoo-services";
import { type EventSample, parseSample } from "../mapping/event_sample.ts";
import { describeSample } from "../mapping/mapping_words.ts";
import { phraseServerError } from "../server_error.ts";

type Part = "payload" | "schema";

interface Sample {
  readonly note: string;
  readonly payload: string;
  readonly schema: string;
}

interface DialogProps {
  readonly eventTypeId: number;
  readonly name: string;
  readonly close: () => void;
}

export class SampleDialog extends Component<DialogProps> {
  static override template = "integration_monitor.SampleDialog";
  static override props = { eventTypeId: Number, name: String, close: Function };
  static components = { Dialog, CopyButton };

  declare orm: Orm;
  declare state: { part: Part; sample: Sample | null; error: string };

  override setup(): void {
    this.orm = useService("orm").silent;
    this.state = useState({ part: "payload", sample: null, error: "" });
    onWillStart(() => {
      this.load();
    });
  }

  async load(): Promise<void> {
    this.state.error = "";
    try {
      const answer = await this.orm.call("integration.event.type", "get_sample", [[this.props.eventTypeId]]);
      const sample = parseSample(answer);
      this.state.sample = {
        note: phraseNote(sample),
        payload: layOut(sample.event.data),
        schema: layOut(sample.schema),
      };
    } catch (error) {
      this.state.error = phraseServerError(error);
    }
  }

  get title(): string {
    return _t("What “%(name)s” tells", { name: this.props.name });
  }

  get copied(): string {
    return _t("Copied");
  }

  show(part: Part): void {
    this.state.part = part;
  }
}

function phraseNote(sample: EventSample): string {
  const { isMadeUp, recordName } = sample;
  const origin = isMadeUp ? "" : _t("As it would be sent now for %(record)s.", { record: recordName });
  return [origin, describeSample(sample)].join(" ").trim();
}

function layOut(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** For buttons of list and form views: a method of the server answers with this action. */
export function openSample(
  env: OdooEnv,
  action: { readonly params: { readonly event_type_id: number; readonly name: string } },
): ActionRequest | undefined {
  env.services.dialog.add(SampleDialog, {
    eventTypeId: action.params.event_type_id,
    name: action.params.name,
  });
  return undefined;
}

registry.category("actions").add("integration_monitor.event_sample", openSample);
