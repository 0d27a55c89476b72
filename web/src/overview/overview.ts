/**
 * Client action `integration_monitor.overview`: says in one sentence whether everything flows, and shows
 * the numbers behind it. Odoo computes them; `overview_summary.ts` decides what is worth saying.
 */
import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import type { ActionRequest, ActionService, Orm } from "odoo-services";
import { MONITOR_HINTS } from "../bus_hints.ts";
import { openRecord } from "../delivery_actions.ts";
import { useLiveRefresh } from "../live_refresh.ts";
import { phraseAge, phraseCount, phraseDocuments, phraseInstant, phraseMoney } from "./overview_amounts.ts";
import type { OverviewCard } from "./overview_cards.ts";
import { describePeriod, listCards } from "./overview_cards.ts";
import { IntegrationOverviewChart } from "./overview_chart.ts";
import type { Chart } from "./overview_charts.ts";
import { listCharts } from "./overview_charts.ts";
import type { Domain, EndpointRow, Overview, Period } from "./overview_data.ts";
import { PERIODS } from "./overview_data.ts";
import { describeReport, saveAsCsv } from "./overview_export.ts";
import {
  ENDPOINTS_ACTION,
  FAILED,
  openAttempts,
  openDeliveries,
  openDocuments,
  openFinding,
  WAITING,
} from "./overview_lists.ts";
import { adviseOnWorker, describeBroker, describeHealth, describeProcess } from "./overview_looks.ts";
import { parseOverview } from "./overview_parse.ts";
import type { Severity } from "./overview_summary.ts";
import { findFindings, rateFinding } from "./overview_summary.ts";
import type { Sentence } from "./overview_words.ts";
import {
  phraseAllEndpoints,
  phraseFailed,
  phraseFinding,
  phraseHeldUp,
  phraseLastSeen,
  phraseLoadError,
  phraseNextTry,
  phraseOldest,
  phraseSince,
  phraseVersion,
  phraseWaiting,
} from "./overview_words.ts";
import { drawSparkline, SPARKLINE_HEIGHT, SPARKLINE_WIDTH } from "./sparkline.ts";

/** Heartbeats change without any hint, so the page also asks by itself. */
const HEARTBEAT_REFRESH_MS = 15_000;
/** Least time between two refreshes, in ms. */
const REFRESH_SPACING_MS = 1000;

interface PageState {
  overview: Overview | null;
  /** Why the last refresh failed; older numbers stay on the screen. */
  error: string;
  period: Period;
  /** Null for all companies that the reader works in. */
  companyId: number | null;
}

/** What the templates call. */
const WORDS = {
  adviseOnWorker,
  describeBroker,
  describeProcess,
  describeHealth,
  describePeriod,
  phraseCount,
  phraseDocuments,
  phraseMoney,
  phraseAllEndpoints,
  phraseFailed,
  phraseHeldUp,
  phraseLastSeen,
  phraseOldest,
  phraseSince,
  phraseVersion,
  phraseWaiting,
  drawSparkline,
  sparklineBox: `0 0 ${SPARKLINE_WIDTH} ${SPARKLINE_HEIGHT}`,
};

export class IntegrationOverview extends Component {
  static override template = "integration_monitor.Overview";
  static override props = { ...standardActionServiceProps };
  static components = { Layout, IntegrationOverviewChart };

  declare orm: Orm;
  declare action: ActionService;
  declare state: PageState;
  /** Whether the person may create endpoints. */
  declare isManager: boolean;
  declare words: typeof WORDS;
  declare periods: typeof PERIODS;

  override setup(): void {
    this.orm = useService("orm").silent;
    this.action = useService("action");
    this.state = useState<PageState>({ overview: null, error: "", period: "24h", companyId: null });
    this.words = WORDS;
    this.periods = PERIODS;
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
    const { period, companyId } = this.state;
    // The reader may choose something else meanwhile; the answer to that follows.
    const isCurrent = () => period === this.state.period && companyId === this.state.companyId;
    try {
      const wanted = { period, company_id: companyId ?? false };
      const answer = await this.orm.call("integration.delivery", "get_overview", [], wanted);
      if (isCurrent()) {
        this.state.overview = parseOverview(answer);
        this.state.error = "";
      }
    } catch (error) {
      if (isCurrent()) {
        this.state.error = phraseLoadError(error);
      }
    }
  }

  choosePeriod(period: Period): void {
    this.state.period = period;
    this.loadOverview();
  }

  /** @param value of the option: an id, or empty for all */
  chooseCompany(value: string): void {
    this.state.companyId = value === "" ? null : Number(value);
    this.loadOverview();
  }

  get severity(): Severity {
    return this.state.overview ? rateFinding(findFindings(this.state.overview)[0]) : "info";
  }

  /** The headline first, then the rest of what is worth saying. */
  get sentences(): (Sentence & { readonly request: ActionRequest | null })[] {
    const { overview } = this.state;
    if (!overview) {
      return [];
    }
    return findFindings(overview).map((finding) => ({
      ...phraseFinding(finding, overview.serverTimeMs),
      request: openFinding(overview, finding),
    }));
  }

  get cards(): OverviewCard[] {
    return this.state.overview ? listCards(this.state.overview) : [];
  }

  get charts(): Chart[] {
    return this.state.overview ? listCharts(this.state.overview) : [];
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

  /** What is held up, one group for each document: of all, of a process or of an endpoint. */
  openHeld(name: string, ...parts: Domain[]): void {
    this.openWith((overview) => openDocuments(overview, name, overview.domains.held, ...parts));
  }

  openWaiting(name: string, ...parts: Domain[]): void {
    this.openWith((overview) => openDeliveries(overview, name, WAITING, ...parts));
  }

  openFailed(name: string, ...parts: Domain[]): void {
    this.openWith((overview) => openDeliveries(overview, name, FAILED, ...parts));
  }

  openTraffic(endpoint: EndpointRow): void {
    this.openWith((overview) => openAttempts(overview, ["delivered", "retry", "failed"], null, endpoint.id));
  }

  openEndpoint(endpoint: EndpointRow): void {
    this.open(openRecord("integration.endpoint", endpoint.id));
  }

  openEndpoints(): void {
    this.open(ENDPOINTS_ACTION);
  }

  openSetup(): void {
    this.open("integration_monitor.integration_monitor_action_setup");
  }

  exportCsv(): void {
    if (this.state.overview) {
      saveAsCsv(this.state.overview);
    }
  }

  async print(): Promise<void> {
    if (this.state.overview) {
      this.open(await describeReport(this.state.overview));
    }
  }

  openWith(choose: (overview: Overview) => ActionRequest): void {
    if (this.state.overview) {
      this.open(choose(this.state.overview));
    }
  }
}

registry.category("actions").add("integration_monitor.overview", IntegrationOverview);
