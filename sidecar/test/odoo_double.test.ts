import { randomUUID } from "node:crypto";
import { systemClock } from "../src/adapters/system_clock.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";
import { describeOdooContract } from "./odoo_contract.ts";

describeOdooContract("double", async () => {
  const odoo = new OdooDouble(systemClock);
  odoo.endpointList = [buildEndpoint({ id: 7 })];
  let lastId = 0;
  return {
    odoo,
    endpointId: 7,
    async createDue(names) {
      for (const name of names) {
        lastId += 1;
        const webhookId = randomUUID();
        const claim = buildClaim({ deliveryId: lastId, webhookId, recordKey: `res.partner,${lastId}` });
        const body = JSON.stringify({ id: webhookId, type: claim.eventType, data: { name } });
        odoo.addDelivery({ ...claim, body });
      }
    },
    close: async () => {},
  };
});
