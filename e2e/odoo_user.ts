import { type Browser, expect, type Page } from "@playwright/test";
import { passwordOf, readState } from "./stack_state.ts";

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

  /** Without Odoo's login page: where the story begins, the page goes itself. */
  static async logIn(browser: Browser, login: string, password = passwordOf(login)): Promise<OdooUser> {
    const context = await browser.newContext();
    const user = new OdooUser(await context.newPage());
    await user.post("/web/session/authenticate", { db: readState().database, login, password });
    return user;
  }

  /** Calls a public method as this user; throws with Odoo's exception name and message. */
  call<T>(model: string, method: string, args: readonly unknown[], kwargs: object = {}): Promise<T> {
    return this.post<T>(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs });
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

  /** Goes to an address of Odoo as the browser's history does: Odoo, which is open, is not loaded anew. */
  async visit(address: string): Promise<void> {
    await this.page.evaluate((to) => {
      history.pushState({}, "", to);
      dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    }, address);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  private async post<T>(address: string, params: object): Promise<T> {
    const response = await this.page.request.post(address, {
      data: { jsonrpc: "2.0", method: "call", params },
    });
    const answer = (await response.json()) as RpcAnswer;
    if (answer.error) throw new Error(`${answer.error.data.name}: ${answer.error.data.message}`);
    return answer.result as T;
  }
}
