/**
 * Client action `integration_monitor.setup`: from nothing to the first delivered event in five steps. What is
 * done follows from what is there (`setup_steps.ts`), so it can be left at any moment and goes on later.
 */
import { Component, onMounted, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import type { Orm } from "odoo-services";
import { phraseServerError } from "../server_error.ts";
import { EndpointStep } from "./endpoint_step.ts";
import { EventsStep } from "./events_step.ts";
import { ActivateStep, TestStep } from "./finish_steps.ts";
import type { SetupData, SetupEndpoint } from "./setup_data.ts";
import { parseSetup, parseSidecar } from "./setup_data.ts";
import type { Step } from "./setup_steps.ts";
import { chooseEndpoint, findDone, findNextStep, isOpenable, STEPS } from "./setup_steps.ts";
import { SidecarStep } from "./sidecar_step.ts";

/** How often a sidecar is looked for while its step is open, in ms. */
const WATCH_MS = 3000;

interface PageState {
  data: SetupData | null;
  error: string;
  openStep: Step | null;
  /** Null: a new one is to be made. */
  endpointId: number | null;
}

interface PageProps {
  action: { params?: { endpoint_id?: number } };
}

export class IntegrationSetup extends Component<PageProps> {
  static override template = "integration_monitor.Setup";
  static override props = { ...standardActionServiceProps };
  static components = { ActivateStep, EndpointStep, EventsStep, Layout, SidecarStep, TestStep };

  declare orm: Orm;
  declare state: PageState;
  declare reload: () => Promise<void>;
  declare chooseEndpoint: (endpointId: number | null) => Promise<void>;
  declare finishEvents: () => Promise<void>;
  declare page: { readonly el: HTMLElement | null };
  /** Whether somebody asked for the step that is open: then the keyboard goes there too. */
  declare isMoved: boolean;

  override setup(): void {
    this.orm = useService("orm").silent;
    this.state = useState<PageState>({ data: null, error: "", openStep: null, endpointId: null });
    this.reload = () => this.load();
    this.chooseEndpoint = async (endpointId) => {
      this.state.endpointId = endpointId;
      await this.load();
    };
    this.finishEvents = async () => {
      await this.load();
      this.goOn("events");
    };
    this.page = useRef<HTMLElement>("page");
    this.isMoved = false;
    useEffect(
      () => {
        if (this.isMoved) {
          this.page.el?.querySelector<HTMLElement>(`[data-step=${this.state.openStep}] button`)?.focus();
        }
      },
      () => [this.state.openStep],
    );
    let timer = 0;
    onMounted(async () => {
      timer = browser.setInterval(() => this.watchSidecar(), WATCH_MS);
      await this.load();
      this.begin();
    });
    onWillUnmount(() => browser.clearInterval(timer));
  }

  async load(): Promise<void> {
    try {
      this.state.data = parseSetup(await this.orm.call("integration.setup", "get_state"));
      this.state.error = "";
    } catch (error) {
      this.state.error = phraseServerError(error);
    }
  }

  private begin(): void {
    const { data } = this.state;
    if (data) {
      const wantedId = this.props.action.params?.endpoint_id ?? null;
      this.state.endpointId = chooseEndpoint(data.endpoints, wantedId)?.id ?? null;
      this.state.openStep = findNextStep(this.done);
    }
  }

  private async watchSidecar(): Promise<void> {
    if (document.hidden || this.state.openStep !== "sidecar" || !this.state.data) {
      return;
    }
    try {
      const sidecar = parseSidecar(await this.orm.call("integration.setup", "get_sidecar"));
      this.state.data = { ...this.state.data, sidecar };
      this.state.error = "";
    } catch (error) {
      this.state.error = phraseServerError(error);
    }
  }

  get endpoint(): SetupEndpoint | null {
    const { data, endpointId } = this.state;
    return data?.endpoints.find((endpoint) => endpoint.id === endpointId) ?? null;
  }

  get done(): ReadonlySet<Step> {
    return this.state.data ? findDone(this.state.data, this.endpoint) : new Set();
  }

  get isSidecarAlive(): boolean {
    return this.done.has("sidecar");
  }

  get steps(): readonly {
    readonly step: Step;
    readonly number: number;
    readonly title: string;
    readonly isDone: boolean;
    readonly isOpen: boolean;
    /** Why it cannot be opened yet; empty when it can. */
    readonly obstacle: string;
  }[] {
    return STEPS.map((step, index) => ({
      step,
      number: index + 1,
      title: this.titles[step],
      isDone: this.done.has(step),
      isOpen: this.state.openStep === step,
      obstacle: isOpenable(step, this.endpoint) ? "" : _t("Add a system first (step 2)"),
    }));
  }

  private get titles(): Readonly<Record<Step, string>> {
    return {
      sidecar: _t("Connect the sidecar"),
      endpoint: _t("Add the system that shall hear from Odoo"),
      events: _t("Choose what it hears of"),
      test: _t("Send a test"),
      activate: _t("Let it run"),
    };
  }

  get progress(): string {
    return _t("%(done)s of %(all)s steps done", { done: this.done.size, all: STEPS.length });
  }

  get isComplete(): boolean {
    return this.done.size === STEPS.length;
  }

  /** What the bar of progress fills, in per cent. */
  get percentage(): number {
    return Math.round((this.done.size / STEPS.length) * 100);
  }

  toggle(step: Step): void {
    this.open(this.state.openStep === step ? null : step);
  }

  open(step: Step | null): void {
    this.isMoved = true;
    this.state.openStep = step;
  }

  /** The step after this one. */
  goOn(step: Step): void {
    this.open(STEPS[STEPS.indexOf(step) + 1] ?? null);
  }
}

registry.category("actions").add("integration_monitor.setup", IntegrationSetup);
