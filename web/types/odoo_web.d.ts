/**
 * The parts of Odoo's browser modules that this code uses, written by hand: Odoo ships no declarations,
 * and pointing the compiler at its sources reports errors in files that are not ours.
 */

declare module "@web/core/l10n/translation" {
  /** Translates a term; placeholders look like `%(name)s`. */
  export function _t(term: string, values?: Readonly<Record<string, string | number>>): string;
}

declare module "@web/core/l10n/dates" {
  import type { LuxonDateTime } from "luxon-global";
  /** In the reader's language and time zone, e.g. "Nov 20, 9:11:10 AM"; the year only if another one. */
  export function toLocaleDateTimeString(
    value: LuxonDateTime | false,
    options?: { showDate?: boolean; showTime?: boolean; showSeconds?: boolean },
  ): string;
  /** The date in the reader's format. */
  export function formatDate(value: LuxonDateTime | false): string;
}

declare module "@web/core/currency" {
  /** In the reader's format, with the symbol of the currency. */
  export function formatCurrency(amount: number, currencyId: number): string;
  export function getCurrency(id: number): { readonly name: string; readonly symbol: string } | undefined;
}

declare module "@web/core/utils/numbers" {
  export function formatFloat(value: number, options?: { digits?: readonly [number, number] }): string;
}

declare module "@web/core/assets" {
  export function loadBundle(name: string): Promise<void>;
}

declare module "@web/core/network/download" {
  /** Lets the browser save `data` as a file. */
  export function downloadFile(data: Blob | string, fileName: string, mimeType?: string): void;
}

declare module "@web/core/registry" {
  export interface Registry {
    add(key: string, value: object, options?: { sequence?: number; force?: boolean }): Registry;
    category(name: string): Registry;
    contains(key: string): boolean;
  }
  export const registry: Registry;
}

declare module "@web/core/browser/browser" {
  export const browser: Pick<
    Window,
    | "setTimeout"
    | "clearTimeout"
    | "setInterval"
    | "clearInterval"
    | "addEventListener"
    | "removeEventListener"
  >;
}

declare module "@web/core/network/rpc" {
  export function rpc(route: string, params?: object): Promise<unknown>;
  export class RPCError extends Error {
    readonly exceptionName: string | null;
    readonly data: { readonly message?: string } | null;
  }
}

declare module "@web/core/user" {
  export const user: {
    readonly context: Readonly<Record<string, unknown>>;
    hasGroup(xmlId: string): Promise<boolean>;
  };
}

declare module "@web/core/utils/hooks" {
  import type { EventBus } from "@odoo/owl";
  import type { ServiceByName } from "odoo-services";
  export function useService<Name extends keyof ServiceByName>(name: Name): ServiceByName[Name];
  export function useBus(bus: EventBus, eventName: string, callback: (event: CustomEvent) => void): void;
}

declare module "@web/core/dropdown/dropdown" {
  import type { Component } from "@odoo/owl";
  export const Dropdown: typeof Component;
}

declare module "@web/core/dropdown/dropdown_item" {
  import type { Component } from "@odoo/owl";
  export const DropdownItem: typeof Component;
}

declare module "@web/core/copy_button/copy_button" {
  import type { Component } from "@odoo/owl";
  export const CopyButton: typeof Component;
}

declare module "@web/core/dialog/dialog" {
  import type { Component } from "@odoo/owl";
  export const Dialog: typeof Component;
}

declare module "@web/search/layout" {
  import type { Component } from "@odoo/owl";
  export const Layout: typeof Component;
}

declare module "@web/views/widgets/standard_widget_props" {
  export const standardWidgetProps: Readonly<Record<string, object>>;
}

declare module "@web/views/fields/standard_field_props" {
  export const standardFieldProps: Readonly<Record<string, object>>;
}

declare module "@web/views/widgets/standard_widget_props" {
  export const standardWidgetProps: Readonly<Record<string, object>>;
}

declare module "@web/webclient/actions/action_service" {
  export const standardActionServiceProps: Readonly<Record<string, object>>;
}

declare module "@web/model/relational_model/errors" {
  export class FetchRecordError extends Error {}
}

declare module "@web/views/list/list_view" {
  export const listView: Readonly<Record<string, unknown>>;
}

declare module "@web/views/kanban/kanban_view" {
  export const kanbanView: Readonly<Record<string, unknown>>;
}

declare module "@web/views/list/list_controller" {
  import { Component } from "@odoo/owl";
  import type { MultiRecordModel } from "multi-record-model";
  /** What the click on a button of the view will send. */
  export interface ClickParams {
    buttonContext?: Record<string, unknown>;
  }
  export class ListController extends Component {
    readonly model: MultiRecordModel;
    beforeExecuteActionButton(clickParams: ClickParams): Promise<boolean | undefined>;
  }
}

declare module "@web/views/kanban/kanban_controller" {
  import { Component } from "@odoo/owl";
  import type { MultiRecordModel } from "multi-record-model";
  export class KanbanController extends Component {
    readonly model: MultiRecordModel;
  }
}

declare module "@web/views/fields/domain/domain_field" {
  import { Component } from "@odoo/owl";
  export interface DomainFieldProps {
    readonly name: string;
  }
  interface DomainCheck {
    isValid: boolean | null;
    recordCount: number | null;
    hasLimitedCount: boolean | null;
  }
  export class DomainField extends Component<DomainFieldProps> {
    static template: string;
    state: DomainCheck;
    checkProps(props?: DomainFieldProps): Promise<void>;
    quickValidityCheck(props: DomainFieldProps): Promise<boolean>;
    updateState(check?: Partial<DomainCheck>): void;
  }
  export const domainField: { readonly component: typeof DomainField; readonly displayName: string };
}

declare module "@web/views/widgets/standard_widget_props" {
  export const standardWidgetProps: Readonly<Record<string, object>>;
}

declare module "@web/views/fields/formatters" {
  export function formatInteger(value: number): string;
}

declare module "@web/core/record_selectors/record_selector" {
  import type { Component } from "@odoo/owl";
  export const RecordSelector: typeof Component;
}

declare module "@web/model/relational_model/utils" {
  import type { RelationalRecord } from "relational-record";
  /** Calls back with the record at first and after each change of what the callback reads. */
  export function useRecordObserver(callback: (record: RelationalRecord) => unknown): void;
}

declare module "@web/views/fields/text/text_field" {
  import { Component } from "@odoo/owl";
  import type { RelationalRecord } from "relational-record";
  export interface TextFieldProps {
    readonly record: RelationalRecord;
    readonly name: string;
    readonly readonly?: boolean;
  }
  export class TextField extends Component<TextFieldProps> {
    static template: string;
    static components: Record<string, typeof Component>;
    readonly textareaRef: { readonly el: HTMLTextAreaElement | null };
    override setup(): void;
    /** Throws where the text must not be taken over. */
    parse(value: string): string;
  }
  export const textField: Readonly<Record<string, unknown>>;
}
