import { type Browser, expect, type Page } from "@playwright/test";
import { passwordOf } from "./stack_state.ts";

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly data: { readonly name: string; readonly message: string } };
}

/** Someone logged in to Odoo, with a browser page and the same session for RPC calls. */
export class OdooUser {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async logIn(browser: Browser, login: string, password = passwordOf(login)): Promise<OdooUser> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto("/web/login");
    await page.getByLabel("Email").fill(login);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await expect(page.locator(".o_main_navbar")).toBeVisible();
    return new OdooUser(page);
  }

  /** Calls a public method as this user; throws with Odoo's exception name and message. */
  async call<T>(model: string, method: string, args: readonly unknown[], kwargs: object = {}): Promise<T> {
    const response = await this.page.request.post(`/web/dataset/call_kw/${model}/${method}`, {
      data: { jsonrpc: "2.0", method: "call", params: { model, method, args, kwargs } },
    });
    const answer = (await response.json()) as RpcAnswer;
    if (answer.error) throw new Error(`${answer.error.data.name}: ${answer.error.data.message}`);
    return answer.result as T;
  }

  async idOf(model: string, name: string): Promise<number> {
    const ids = await this.call<number[]>(model, "search", [[["name", "=", name]]], { limit: 1 });
    const [id] = ids;
    if (id === undefined) throw new Error(`The sample data holds no ${model} named "${name}"`);
    return id;
  }

  /** Opens a record's form through its action's path or xml id. */
  async openForm(action: string, id: number | "new"): Promise<void> {
    await this.page.goto(`/odoo/action-${action}/${id}`);
    await expect(this.page.locator(".o_form_view")).toBeVisible();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
