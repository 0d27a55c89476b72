/**
 * Client action `integration_monitor.overview`: says in one sentence whether everything flows, and shows
 * the numbers behind it. Odoo computes them; `overview_summary.ts` decides what is worth saying.
 */
import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import type { ActionRequest, ActionService, Orm } from "odoo-services";
import { MONITOR_HINTS } from "../bus_hints.ts";
import { openRecord } from "../delivery_actions.ts";
import { useLiveRefresh } from "../live_refresh.ts";
import type { OverviewCard } from "./overview_cards.ts";
import { listCards } from "./overview_cards.ts";
import type { EndpointRow, Overview } from "./overview_data.ts";
import { parseOverview } from "./overview_data.ts";
import type { Severity } from "./overview_summary.ts";
import { findFindings, rateFinding } from "./overview_summary.ts";
import type { Sentence } from "./overview_words.ts";
import { describeHealth, phraseAge, phraseFinding, phraseInstant, phraseNextTry } from "./overview_words.ts";

/** Heartbeats change without any hint, so the page also asks by itself. */
const HEARTBEAT_REFRESH_MS = 15_000;
/** Least time between two refreshes, in ms. */
const REFRESH_SPACING_MS = 1000;

interface PageState {
  overview: Overview | null;
  /** Why the last refresh failed; older numbers stay on the screen. */
  error: string;
}

export class IntegrationOverview extends Component {
  static override template = "integration_monitor.Overview";
  static override props = { ...standardActionServiceProps };
  static components = { Layout };

  declare orm: Orm;
  declare action: ActionService;
  declare state: PageState;
  /** Whether the person may create endpoints. */
  declare isManager: boolean;
  /** What the templates call. */
  declare words: { describeHealth: typeof describeHealth };

  override setup(): void {
    this.orm = useService("orm").silent;
    this.action = useService("action");
    this.state = useState<PageState>({ overview: null, error: "" });
    this.words = { describeHealth };
    const gate = useLiveRefresh({
      getSource: () => MONITOR_HINTS,
      refresh: () => this.loadOverview(),
      spacingMs: REFRESH_SPACING_MS,
    });
    onWillStart(async () => {
      this.isManager = await user.hasGroup("integration_monitor.group_manager");
    });
    let timer = 0;
    onMounted(() => {
      this.loadOverview();
      timer = browser.setInterval(() => gate.request(), HEARTBEAT_REFRESH_MS);
    });
    onWillUnmount(() => browser.clearInterval(timer));
  }

  async loadOverview(): Promise<void> {
    try {
      this.state.overview = parseOverview(await this.orm.call("integration.delivery", "get_overview"));
      this.state.error = "";
    } catch (error) {
      this.state.error = phraseLoadError(error);
    }
  }

  get severity(): Severity {
    return this.state.overview ? rateFinding(findFindings(this.state.overview)[0]) : "info";
  }

  /** The headline first, then the rest of what is worth saying. */
  get sentences(): Sentence[] {
    const { overview } = this.state;
    return overview
      ? findFindings(overview).map((finding) => phraseFinding(finding, overview.serverTimeMs))
      : [];
  }

  get cards(): OverviewCard[] {
    return this.state.overview ? listCards(this.state.overview) : [];
  }

  formatAge(instantMs: number | null): string {
    return phraseAge(instantMs, this.state.overview?.serverTimeMs ?? 0);
  }

  formatInstant(instantMs: number | null): string {
    return instantMs === null ? "" : phraseInstant(instantMs, this.state.overview?.serverTimeMs ?? 0);
  }

  formatNextTry(endpoint: EndpointRow): string {
    return phraseNextTry(endpoint, this.state.overview?.serverTimeMs ?? 0);
  }

  open(request: ActionRequest): void {
    this.action.doAction(request);
  }

  openEndpoint(endpoint: EndpointRow): void {
    this.open(openRecord("integration.endpoint", endpoint.id));
  }

  createEndpoint(): void {
    this.open({
      type: "ir.actions.act_window",
      name: _t("New endpoint"),
      res_model: "integration.endpoint",
      views: [[false, "form"]],
    });
  }
}

function phraseLoadError(error: unknown): string {
  if (!(error instanceof RPCError)) {
    return _t("Odoo cannot be reached, or answered something unexpected. The page tries again by itself.");
  }
  // Odoo words a refusal for the person who is refused, in that person's language.
  return error.exceptionName === "odoo.exceptions.AccessError" && error.data?.message
    ? error.data.message
    : _t("Odoo could not compute the overview. The page tries again by itself.");
}

registry.category("actions").add("integration_monitor.overview", IntegrationOverview);
