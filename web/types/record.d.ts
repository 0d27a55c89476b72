/** A record of Odoo's relational model, as field widgets see it. */

declare module "relational-record" {
  import type { EventBus } from "@odoo/owl";

  export interface RelationalRecord {
    readonly id: string;
    readonly resModel: string;
    /** False until the first save. */
    readonly resId: number | false;
    readonly dirty: boolean;
    readonly data: Readonly<Record<string, unknown>>;
    readonly model: { readonly bus: EventBus };
    /** Reads every shown field again and drops unsaved changes. */
    load(): Promise<void>;
    /** Keeps the record from being saved until the field is valid again. */
    setInvalidField(name: string): Promise<void>;
    resetFieldValidity(name: string): Promise<void>;
    /** False when the server or a required field refuses; the form then says why. */
    save(): Promise<boolean>;
  }

  /** The value of a One2many field. */
  export interface RelationalList {
    readonly records: readonly RelationalRecord[];
    /** Rows on the server; `records` may hold fewer. */
    readonly count: number;
    load(range: { limit?: number; offset?: number }): Promise<void>;
  }
}

/** The model behind a list or kanban view. */
declare module "multi-record-model" {
  export interface MultiRecordModel {
    readonly root: {
      readonly selection: readonly object[];
      readonly isDomainSelected: boolean;
      /** The row open for editing; kanban views have none. */
      readonly editedRecord?: object | null;
    };
    /** Without parameters: the same rows again. Never resolves when another load overtakes it. */
    load(...parameters: unknown[]): Promise<void>;
  }
}
