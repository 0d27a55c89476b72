import { expect, it } from "vitest";
import type { EndpointAuth } from "../../src/domain/delivery.ts";
import { buildRequestHeaders } from "../../src/domain/request_headers.ts";
import { tellRequest } from "../../src/domain/request_told.ts";
import { buildClaim, buildEndpoint } from "../builders.ts";

const claim = buildClaim();

function tell(shown: Parameters<typeof buildEndpoint>[0]) {
  const endpoint = buildEndpoint(shown);
  const now = new Date("2026-11-20T08:31:54.987Z");
  const request = buildRequestHeaders(claim, Buffer.from(claim.body), endpoint, now, "0.1.0");
  if (request.kind === "refused") throw new Error(request.answer.error);
  return tellRequest(endpoint, request.headers, claim.body);
}

it("names method, address and every header as it was sent", () => {
  const [first, ...headers] = tell({}).head.split("\n");
  expect(first).toBe("POST https://receiver.example/hooks HTTP/1.1");
  expect(headers).toEqual([
    "content-type: application/cloudevents+json; charset=utf-8",
    `webhook-id: ${claim.webhookId}`,
    "webhook-timestamp: 1795163514",
    expect.stringMatching(/^webhook-signature: v1,/),
    "user-agent: integration-monitor/0.1.0",
  ]);
});

const auths: readonly EndpointAuth[] = [
  { kind: "bearer", secret: "s3cret" },
  { kind: "basic", username: "odoo", secret: "s3cret" },
  { kind: "header", headerName: "X-Api-Key", secret: "s3cret" },
  {
    kind: "oauth2",
    tokenUrl: "https://login.example/token",
    clientId: "odoo",
    secret: "s3cret",
    clientAuth: "basic",
    scope: "",
    audience: "",
  },
];

it.each(auths)("says that there is a credential and never shows it ($kind)", (auth) => {
  const { head } = tell({ auth });
  expect(head).toContain("[not shown]");
  for (const secret of ["s3cret", Buffer.from("odoo:s3cret").toString("base64")]) {
    expect(head).not.toContain(secret);
  }
});

it("names exchange and routing key of a broker", () => {
  const { head } = tell({
    url: "amqps://broker.example/orders",
    amqp: { exchange: "events", routingKey: "odoo" },
  });
  expect(head.split("\n")[0]).toBe(
    'PUBLISH amqps://broker.example/orders exchange "events" routing key "odoo"',
  );
});

it("cuts a long body", () => {
  expect(tellRequest(buildEndpoint(), {}, "x".repeat(30_000)).body.length).toBeLessThanOrEqual(20_000);
});
