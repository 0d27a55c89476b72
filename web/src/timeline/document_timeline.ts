/**
 * Client action `integration_monitor.document_timeline`: what happened to a document's events, from what was
 * done in Odoo to what the other systems answered, and what comes next. Opened over the document, it follows
 * it by itself.
 */
import { Component, onMounted, useEffect, useState } from "@odoo/owl";
import { toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import type { ActionRequest, ActionService, Orm } from "odoo-services";
import { phraseAttempt, phraseDuration } from "../attempt_look.ts";
import { documentHints, isAboutDocument } from "../bus_hints.ts";
import { repeatWithGrowingPauses } from "../growing_pauses.ts";
import { useLiveRefresh } from "../live_refresh.ts";
import type { StateLook } from "../state_look.ts";
import { describeIntegrationState } from "../state_look.ts";
import { drawEntry } from "./entry_look.ts";
import type { Timeline, TimelineEntry } from "./timeline_data.ts";
import { filterEntries, isUnsettled, parseTimeline } from "./timeline_data.ts";

/** Least time between two refreshes, in ms. */
const REFRESH_SPACING_MS = 500;

interface ActionProps {
  readonly action: { readonly params: { readonly res_model: string; readonly res_id: number } };
}

interface PageState {
  timeline: Timeline | null;
  /** Why the last refresh failed; what was read before stays on the screen. */
  error: string;
  /** The only system that is shown; null for all. */
  systemId: number | null;
}

/** What the template calls. */
const WORDS = { drawEntry, phraseAttempt, phraseDuration };

export class DocumentTimeline extends Component<ActionProps> {
  static override template = "integration_monitor.DocumentTimeline";
  static override props = { ...standardActionServiceProps };

  declare orm: Orm;
  declare action: ActionService;
  declare state: PageState;
  declare words: typeof WORDS;

  override setup(): void {
    this.orm = useService("orm").silent;
    this.action = useService("action");
    this.state = useState<PageState>({ timeline: null, error: "", systemId: null });
    this.words = WORDS;
    const { res_model: resModel, res_id: resId } = this.document;
    const gate = useLiveRefresh({
      getSource: () => documentHints(resModel, resId),
      isRelevant: (payload) => isAboutDocument(payload, resModel, resId),
      refresh: () => this.load(),
      spacingMs: REFRESH_SPACING_MS,
    });
    onMounted(() => this.load());
    // Hints may be lost.
    useEffect(
      (isMoving) => (isMoving ? repeatWithGrowingPauses(() => gate.request()) : undefined),
      () => [this.state.timeline !== null && isUnsettled(this.state.timeline)],
    );
  }

  get document(): ActionProps["action"]["params"] {
    return this.props.action.params;
  }

  get entries(): readonly TimelineEntry[] {
    return this.state.timeline ? filterEntries(this.state.timeline, this.state.systemId) : [];
  }

  get hiddenNote(): string {
    return _t("%(count)s older deliveries are not shown here.", {
      count: this.state.timeline?.hiddenCount ?? 0,
    });
  }

  async load(): Promise<void> {
    const { res_model: resModel, res_id: resId } = this.document;
    try {
      const answer = await this.orm.call("integration.delivery", "get_document_timeline", [resModel, resId]);
      this.state.timeline = parseTimeline(answer);
      this.state.error = "";
    } catch (error) {
      this.state.error = phraseLoadError(error);
    }
  }

  describeState(state: string): StateLook | null {
    return describeIntegrationState(state);
  }

  formatInstant(atMs: number | null): string {
    return atMs === null
      ? ""
      : toLocaleDateTimeString(luxon.DateTime.fromMillis(atMs), { showSeconds: true });
  }

  showSystem(systemId: number | null): void {
    this.state.systemId = systemId;
  }

  openDeliveries(): void {
    const { res_model: resModel, res_id: resId } = this.document;
    const request: ActionRequest = {
      type: "ir.actions.act_window",
      name: _t("Deliveries"),
      res_model: "integration.delivery",
      domain: [
        ["res_model", "=", resModel],
        ["res_id", "=", resId],
      ],
      views: [
        [false, "list"],
        [false, "form"],
      ],
      context: { create: false },
    };
    this.action.doAction(request);
  }
}

function phraseLoadError(error: unknown): string {
  if (!(error instanceof RPCError)) {
    return _t("Odoo cannot be reached, or answered something unexpected.");
  }
  // Odoo words a refusal for the person who is refused, in that person's language.
  return error.data?.message || _t("Odoo could not read what happened.");
}

registry.category("actions").add("integration_monitor.document_timeline", DocumentTimeline);
