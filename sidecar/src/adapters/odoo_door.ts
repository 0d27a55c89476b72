/** OdooPort over any transport: names the arguments, parses the answers, says where an answer is wrong. */
import type * as z from "zod";
import { type OdooPort, OdooRefused } from "../ports/odoo.ts";
import { describeMismatch, writeOutcome } from "./delivery_wire.ts";
import { createAutoTransport } from "./odoo_auto.ts";
import { createJson2Transport } from "./odoo_json2.ts";
import type { OdooAccess, OdooTransport } from "./odoo_transport.ts";
import {
  claimAnswer,
  endpointsAnswer,
  handshakeAnswer,
  parkAnswer,
  publishedAnswer,
  reportAnswer,
  writeParkedMessage,
} from "./odoo_wire.ts";
import { createXmlRpcTransport } from "./odoo_xmlrpc.ts";

export function createTransport(choice: "auto" | "json2" | "xmlrpc", access: OdooAccess): OdooTransport {
  switch (choice) {
    case "json2":
      return createJson2Transport(access);
    case "xmlrpc":
      return createXmlRpcTransport(access);
    case "auto":
      return createAutoTransport(createJson2Transport(access), createXmlRpcTransport(access));
  }
}

export function createOdooDoor(transport: OdooTransport): OdooPort {
  const ask = async <T>(schema: z.ZodType<T>, method: string, named: Record<string, unknown>): Promise<T> => {
    const parsed = schema.safeParse(await transport.call(method, named));
    if (parsed.success) return parsed.data;
    throw new OdooRefused(
      `IM_ODOO_CONTRACT: the answer to ${method} is not understood at ${describeMismatch(parsed.error)}. ` +
        "Update the sidecar and the addon to the same version",
    );
  };
  // Of the last answer. An Odoo that was set back to an earlier version refuses the argument once.
  let takesBrokerState = false;
  return {
    async handshake(worker, version, heard, isBrokerConnected) {
      const isTold = takesBrokerState && isBrokerConnected !== undefined;
      takesBrokerState = false;
      const handshake = await ask(handshakeAnswer, "handshake", {
        ...{ worker, version, heard: heard ?? false },
        ...(isTold ? { broker_connected: isBrokerConnected } : {}),
      });
      takesBrokerState = handshake.takesBrokerState;
      return handshake;
    },
    async endpoints(revision) {
      const answer = await ask(endpointsAnswer, "endpoints", { revision });
      return answer.changed ? { revision: answer.revision, endpoints: answer.endpoints } : undefined;
    },
    claim: (worker, limit, credits) =>
      ask(claimAnswer, "claim", { worker, limit, credits: Object.fromEntries(credits) }),
    async published(worker, claims) {
      const taken = claims.map((claim) => ({
        delivery_id: claim.deliveryId,
        attempt_number: claim.attemptNumber,
      }));
      await ask(publishedAnswer, "published", { worker, claims: taken });
    },
    park: (worker, messages) =>
      ask(parkAnswer, "park", { worker, messages: messages.map(writeParkedMessage) }),
    report: (outcomes) => ask(reportAnswer, "report", { outcomes: outcomes.map(writeOutcome) }),
  };
}
