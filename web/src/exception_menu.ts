/**
 * Systray entry `integration_monitor.systray`: how many deliveries need a person, and the latest of them.
 * It is invisible while there are none, and for people who may not see any.
 */
import { Component, onMounted, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import type { ActionService, Orm } from "odoo-services";
import { MONITOR_HINTS } from "./bus_hints.ts";
import { EXCEPTIONS_ACTION, FAILED_DELIVERIES, openRecord } from "./delivery_actions.ts";
import { useLiveRefresh } from "./live_refresh.ts";
import { phraseAge } from "./overview/overview_amounts.ts";

/** Every open tab of every user counts: hints are frequent, so the counter follows them at a distance. */
const COUNT_SPACING_MS = 5000;
/** Deliveries shown in the menu. */
const ROWS_MAX = 5;

export interface ExceptionRow {
  readonly id: number;
  /** The document and the system: "INV/2026/00042 → Payer portal". */
  readonly name: string;
  /** What happened there, in a plain sentence; "" when there is nothing to say. */
  readonly summary: string;
  /** How long it has waited, such as "3 hours ago"; "" when that is not known. */
  readonly since: string;
}

interface MenuState {
  count: number;
  rows: ExceptionRow[];
  listState: "loading" | "loaded" | "unavailable";
}

export class ExceptionMenu extends Component {
  static override template = "integration_monitor.ExceptionMenu";
  static override props = {};
  static components = { Dropdown, DropdownItem };

  declare orm: Orm;
  declare action: ActionService;
  declare state: MenuState;

  override setup(): void {
    this.orm = useService("orm").silent;
    this.action = useService("action");
    this.state = useState<MenuState>({ count: 0, rows: [], listState: "loading" });
    useLiveRefresh({
      getSource: () => MONITOR_HINTS,
      refresh: () => this.loadCount(),
      spacingMs: COUNT_SPACING_MS,
    });
    onMounted(() => this.loadCount());
  }

  async loadCount(): Promise<void> {
    try {
      this.state.count = parseCount(await this.orm.call("integration.delivery", "get_exception_count"));
    } catch (error) {
      hideRefusal(error);
      this.state.count = 0;
    }
  }

  /** The menu opens at once and fills when the answer is there. */
  onOpen(): void {
    this.state.listState = "loading";
    this.loadRows();
    this.loadCount();
  }

  private async loadRows(): Promise<void> {
    try {
      const { records } = await this.orm.webSearchRead("integration.delivery", FAILED_DELIVERIES, {
        specification: { display_name: {}, case_summary: {}, waiting_since: {} },
        limit: ROWS_MAX,
        order: "state_changed_at desc, id desc",
      });
      const nowMs = Date.now();
      this.state.rows = records.map((record) => toExceptionRow(record, nowMs));
      this.state.listState = "loaded";
    } catch (error) {
      hideRefusal(error);
      this.state.listState = "unavailable";
    }
  }

  openDelivery(row: ExceptionRow): void {
    this.action.doAction(openRecord("integration.delivery", row.id));
  }

  openAll(): void {
    this.action.doAction(EXCEPTIONS_ACTION, { clearBreadcrumbs: true });
  }
}

function toExceptionRow(record: Readonly<Record<string, unknown>>, nowMs: number): ExceptionRow {
  return {
    id: Number(record.id),
    name: String(record.display_name),
    summary: typeof record.case_summary === "string" ? record.case_summary : "",
    since: phraseSince(record.waiting_since, nowMs),
  };
}

/** Odoo's times are UTC and do not say so: "2026-11-20 08:31:54". */
function phraseSince(value: unknown, nowMs: number): string {
  const sinceMs = typeof value === "string" ? Date.parse(`${value.replace(" ", "T")}Z`) : Number.NaN;
  return Number.isNaN(sinceMs) ? "" : phraseAge(sinceMs, nowMs);
}

function parseCount(answer: unknown): number {
  const count = typeof answer === "object" && answer !== null && "count" in answer ? answer.count : 0;
  return typeof count === "number" ? count : 0;
}

/** A server that refuses leaves the entry empty; lost connections stay visible through Odoo's own notice. */
function hideRefusal(error: unknown): void {
  if (!(error instanceof RPCError)) {
    throw error;
  }
}

registry
  .category("systray")
  .add("integration_monitor.systray", { Component: ExceptionMenu }, { sequence: 25 });
