/** Tells a person what a test sent. Secrets are left out here, before anything leaves this process. */
import type { Endpoint, RequestTold } from "./delivery.ts";
import { cutText } from "./response_excerpt.ts";

/** More than a person reads; Odoo keeps no more. */
const bodyCharsMax = 20_000;

/** The headers that everybody may read; whatever else an endpoint is sent may be a credential. */
const openNames = new Set([
  "content-type",
  "user-agent",
  "webhook-id",
  "webhook-signature",
  "webhook-timestamp",
]);

const hidden = "[not shown]";

/** @param headers as they were handed to the sender, credentials included */
export function tellRequest(
  endpoint: Pick<Endpoint, "url" | "amqp" | "auth">,
  headers: Readonly<Record<string, string>>,
  body: string,
): RequestTold {
  const lines = Object.entries(headers).map(
    ([name, value]) => `${name}: ${openNames.has(name) ? value : hidden}`,
  );
  // The sender adds the access token when it has one.
  if (endpoint.auth.kind === "oauth2") lines.push(`authorization: Bearer ${hidden}`);
  return {
    head: [describeTarget(endpoint), ...lines].join("\n"),
    body: cutText(body, bodyCharsMax),
  };
}

function describeTarget({ url, amqp }: Pick<Endpoint, "url" | "amqp">): string {
  if (amqp === undefined) return `POST ${url} HTTP/1.1`;
  return `PUBLISH ${url} exchange "${amqp.exchange}" routing key "${amqp.routingKey}"`;
}
