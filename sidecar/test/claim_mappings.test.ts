import { expect, it } from "vitest";
import { writeClaim } from "../src/adapters/delivery_wire.ts";
import { claimAnswer } from "../src/adapters/odoo_wire.ts";
import { readClaimBody, writeClaimBody } from "../src/adapters/rabbitmq/message_body.ts";
import { buildClaim } from "./builders.ts";

const answer = {
  claims: [
    writeClaim(buildClaim({ deliveryId: 1, mapping: "17" })),
    writeClaim(buildClaim({ deliveryId: 2 })),
  ],
  mappings: { "17": '{"number": data.name}' },
  next_due_at: false,
  endpoint_revision: 1,
  server_time: "2026-11-20T08:31:54.123Z",
};

it("a claim gets the mapping that it names, and carries it over the broker", () => {
  const [mapped, plain] = claimAnswer.parse(answer).claims;
  expect(mapped?.mapping).toBe('{"number": data.name}');
  expect(plain).not.toHaveProperty("mapping");
  for (const claim of [mapped, plain]) {
    expect(claim && readClaimBody(writeClaimBody(claim))).toEqual({ kind: "read", value: claim });
  }
});

it("an answer that lacks a mapping is refused as a whole: nothing is sent as it is instead", () => {
  for (const mappings of [{}, undefined, { "18": "data" }]) {
    expect(claimAnswer.safeParse({ ...answer, mappings }).success).toBe(false);
  }
});
