/** The services that this code asks for, and no more of each than it calls. */

declare module "odoo-services" {
  import type { ComponentConstructor, EventBus } from "@odoo/owl";

  /** An action description or the xml id of a stored action. */
  export type ActionRequest = string | Readonly<Record<string, unknown>>;

  export interface ActionService {
    doAction(request: ActionRequest, options?: Readonly<Record<string, unknown>>): Promise<unknown>;
  }

  export interface BusService {
    addChannel(channel: string): Promise<void>;
    deleteChannel(channel: string): void;
    subscribe(type: string, callback: (payload: unknown) => void): void;
    unsubscribe(type: string, callback: (payload: unknown) => void): void;
    addEventListener(type: string, listener: () => void): void;
    removeEventListener(type: string, listener: () => void): void;
  }

  export interface SearchReadResult {
    readonly length: number;
    readonly records: readonly Readonly<Record<string, unknown>>[];
  }

  export interface Orm {
    /** The same calls without the loading indicator. */
    readonly silent: Orm;
    call(model: string, method: string, args?: readonly unknown[], kwargs?: object): Promise<unknown>;
    webSearchRead(model: string, domain: readonly unknown[], kwargs: object): Promise<SearchReadResult>;
  }

  export interface DialogService {
    add(component: ComponentConstructor, props: object): () => void;
  }

  /** What function-like client actions get. */
  export interface OdooEnv {
    readonly bus: EventBus;
    readonly services: ServiceByName;
  }

  export interface ServiceByName {
    readonly dialog: DialogService;
    readonly action: ActionService;
    readonly bus_service: BusService;
    readonly orm: Orm;
  }
}

/** Luxon as Odoo provides it: a global, not a module. */
declare module "luxon-global" {
  export interface LuxonDateTime {
    hasSame(other: LuxonDateTime, unit: "day"): boolean;
    toMillis(): number;
    toRelative(options?: { base?: LuxonDateTime }): string | null;
    toFormat(format: string): string;
    plus(duration: { minutes: number }): LuxonDateTime;
  }
  export interface Luxon {
    readonly DateTime: { fromMillis(epochMs: number): LuxonDateTime };
  }
}

declare const luxon: import("luxon-global").Luxon;

/** Chart.js as Odoo provides it: a global, once `web.chartjs_lib` is loaded. */
declare module "chart-global" {
  export interface Chart {
    destroy(): void;
  }
}

declare const Chart: new (canvas: HTMLCanvasElement, settings: object) => import("chart-global").Chart;
