/** The parts of Odoo's browser test framework that the tests in `hoot/` use. */

declare module "@odoo/hoot" {
  interface Matchers {
    toBe(expected: unknown): void;
    toEqual(expected: unknown): void;
    toBeEnabled(): void;
    toHaveCount(count: number): void;
    toHaveText(text: string | RegExp): void;
    toHaveClass(name: string): void;
    toHaveValue(value: string): void;
    toHaveAttribute(name: string, value?: string | RegExp): void;
    readonly not: Matchers;
  }
  interface Expect {
    (target: unknown): Matchers;
    step(name: unknown): void;
    verifySteps(names: readonly unknown[]): void;
  }
  export const expect: Expect;
  export const test: (name: string, run: () => Promise<void> | void) => void;
  export const describe: {
    current: { tags(...names: string[]): void };
  };
  export function beforeEach(run: () => Promise<void> | void): void;
}

declare module "@odoo/hoot-dom" {
  export function queryAllTexts(selector: string): string[];
  export function queryText(selector: string): string;
  export function click(selector: string): Promise<unknown>;
  export function edit(text: string): Promise<unknown>;
  export function press(key: string): Promise<unknown>;
  export function waitFor(selector: string): Promise<Element>;
  export function waitForNone(selector: string): Promise<void>;
}

declare module "@odoo/hoot-mock" {
  export function advanceTime(durationMs: number): Promise<unknown>;
  export function animationFrame(): Promise<unknown>;
  export function mockDate(date: string, timezoneOffsetHours?: number): void;
}

declare module "@bus/../tests/bus_test_helpers" {
  export function waitForChannels(
    channels: readonly string[],
    options?: { operation?: "add" | "delete" },
  ): Promise<void>;
  /** Resolves once the page has received these hints. */
  export function waitNotifications(
    ...notifications: readonly [type: string, payload: Record<string, unknown>][]
  ): Promise<void>;
}

declare module "@mail/../tests/mail_test_helpers" {
  export function defineMailModels(): void;
}

declare module "@web/../tests/web_test_helpers" {
  import type { Component } from "@odoo/owl";

  type Values = Record<string, unknown>;
  interface MockModel {
    write(ids: readonly number[], values: Values): void;
    create(values: Values): number;
    _sendone(channel: string, type: string, payload: Values): void;
  }
  class ModelBase {
    static _records: readonly Values[];
    _name: string;
  }
  export const models: { readonly Model: typeof ModelBase };
  type FieldMaker = (definition?: Values) => object;
  export const fields: Readonly<
    Record<
      "Boolean" | "Char" | "Text" | "Integer" | "Json" | "Selection" | "Datetime" | "One2many" | "Many2one",
      FieldMaker
    >
  >;
  export function defineModels(modelClasses: readonly (typeof ModelBase)[]): void;
  export function mountView(options: Values): Promise<Component>;
  export function toggleSearchBarMenu(): Promise<void>;
  export function toggleMenuItem(text: string): Promise<void>;
  export function mountWithCleanup(component: unknown, options?: Values): Promise<Component>;
  export function mountWebClient(): Promise<Component>;
  export function onRpc(
    model: string,
    method: string,
    answer: (call: {
      readonly method: string;
      readonly args: readonly unknown[];
      readonly args?: readonly unknown[];
      readonly kwargs: Values;
    }) => unknown,
  ): void;
  export function onRpc(route: string, answer: () => unknown): void;
  export function makeServerError(options?: { type?: string; message?: string }): Error;
  export function patchWithCleanup(target: object, patch: object): void;
  export function mockService(name: string, service: object): void;
  export function getService(name: "action"): { doAction(request: unknown): Promise<unknown> };
  export function getMockEnv(): unknown;
  export function clickSave(): Promise<void>;
  export function contains(selector: string): {
    click(): Promise<void>;
    edit(text: string, options?: { confirm?: string | false }): Promise<void>;
    select(value: string): Promise<void>;
  };
  export const MockServer: { readonly env: Readonly<Record<string, MockModel>> };
}

declare module "@integration_monitor/js/mapping/mapping_engine" {
  export const mappingEngine: object;
}

declare module "@integration_monitor/js/exception_menu" {
  import type { Component } from "@odoo/owl";
  export const ExceptionMenu: typeof Component;
}
