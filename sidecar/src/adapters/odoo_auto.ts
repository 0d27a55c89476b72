/**
 * Takes JSON-2 where the server has it and XML-RPC where not (docs/decisions/0003_transport.md). The first
 * call decides: probing by version would be one more thing to keep in step with Odoo's releases.
 */
import { OdooUnavailable } from "../ports/odoo.ts";
import { Json2Missing } from "./odoo_json2.ts";
import type { OdooTransport } from "./odoo_transport.ts";

export function createAutoTransport(json2: OdooTransport, xmlRpc: OdooTransport): OdooTransport {
  let chosen: OdooTransport | undefined;
  return {
    get name() {
      return chosen?.name ?? json2.name;
    },
    async call(method, named) {
      if (chosen !== undefined) return chosen.call(method, named);
      try {
        const answer = await json2.call(method, named);
        chosen = json2;
        return answer;
      } catch (error) {
        if (!(error instanceof Json2Missing)) throw error;
        return await tryXmlRpc(error, method, named);
      }
    },
    async close() {
      await Promise.all([json2.close(), xmlRpc.close()]);
    },
  };

  async function tryXmlRpc(
    json2Missing: Json2Missing,
    method: string,
    named: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    try {
      const answer = await xmlRpc.call(method, named);
      chosen = xmlRpc;
      return answer;
    } catch (error) {
      // Neither answers: what JSON-2 said names the likelier mistake, unless the server is simply away.
      throw error instanceof OdooUnavailable ? error : json2Missing;
    }
  }
}
