import { randomUUID } from "node:crypto";
import { requireVariable } from "./environment.ts";

type Values = Readonly<Record<string, unknown>>;
type Row = Values & { readonly id: number };

/** Odoo as its administrator, over the web client's own calls: to arrange and to look, never as the sidecar. */
export class OdooAdmin {
  readonly #url: string;
  #cookie = "";

  private constructor(url: string) {
    this.#url = url;
  }

  static async logIn(database = requireVariable("IM_TEST_ODOO_DATABASE")): Promise<OdooAdmin> {
    const admin = new OdooAdmin(requireVariable("IM_TEST_ODOO_URL"));
    await admin.#ask("/web/session/authenticate", {
      db: database,
      login: "admin",
      password: requireVariable("IM_TEST_ODOO_ADMIN_PASSWORD"),
    });
    return admin;
  }

  async call(model: string, method: string, args: readonly unknown[], kwargs: Values = {}): Promise<unknown> {
    return this.#ask(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs });
  }

  async create(model: string, values: Values): Promise<number> {
    const created = await this.call(model, "create", [values]);
    return Number(Array.isArray(created) ? created[0] : created);
  }

  async searchRead(
    model: string,
    domain: readonly unknown[],
    fields: readonly string[],
  ): Promise<readonly Row[]> {
    const rows = await this.call(model, "search_read", [domain], { fields, order: "id" });
    // The shape of search_read: a list of objects, each with its id.
    return rows as readonly Row[];
  }

  async #ask(path: string, parameters: Values): Promise<unknown> {
    const answer = await fetch(new URL(path, this.#url), {
      method: "POST",
      headers: { "content-type": "application/json", cookie: this.#cookie },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, params: parameters }),
    });
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]);
    if (cookies.length > 0) this.#cookie = cookies.join("; ");
    const body = (await answer.json()) as { result?: unknown; error?: { data?: { message?: string } } };
    if (body.error !== undefined) throw new Error(`${path}: ${body.error.data?.message ?? "failed"}`);
    return body.result;
  }
}

/** An active endpoint of its own, subscribed to changes of contacts. */
export interface ArrangedEndpoint {
  readonly id: number;
  readonly name: string;
  /** Creates contacts; each makes one due delivery. Returns their ids. */
  createContacts(names: readonly string[]): Promise<readonly number[]>;
  /** Archives the endpoint, so that later tests get no work from it. */
  remove(): Promise<void>;
}

export async function arrangeEndpoint(admin: OdooAdmin, shown: Values = {}): Promise<ArrangedEndpoint> {
  const name = `Test ${randomUUID()}`;
  const id = await admin.create("integration.endpoint", {
    name,
    url: "http://127.0.0.1:9/hooks",
    allowed_addresses: "127.0.0.1",
    ...shown,
  });
  await admin.call("integration.endpoint", "action_activate", [[id]]);
  const [eventType] = await admin.searchRead(
    "integration.event.type",
    [["technical_name", "=", "odoo.res.partner.changed.v1"]],
    ["id"],
  );
  await admin.create("integration.subscription", { endpoint_id: id, event_type_id: eventType?.id });
  return {
    id,
    name,
    async createContacts(names) {
      const created = await admin.call("res.partner", "create", [
        names.map((contact) => ({ name: contact })),
      ]);
      // `create` with a list answers with a list of ids.
      return created as readonly number[];
    },
    async remove() {
      const open = [
        ["endpoint_id", "=", id],
        ["state", "in", ["pending", "queued", "failed"]],
      ];
      // What waits keeps an endpoint from being archived; a draft's deliveries no longer move.
      await admin.call("integration.endpoint", "write", [[id], { state: "draft" }]);
      const waiting = await admin.call("integration.delivery", "search", [open]);
      if ((waiting as readonly number[]).length > 0) {
        await admin.call("integration.delivery", "action_cancel", [waiting, "The test is over"]);
      }
      await admin.call("integration.endpoint", "write", [[id], { active: false }]);
    },
  };
}
