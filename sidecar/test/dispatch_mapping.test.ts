/** A mapping changes what is signed and sent, and nothing else. */
import jsonata from "jsonata";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import type { MappingOutcome } from "../src/domain/mapping.ts";
import { createMapper } from "../src/domain/mapping.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { settle } from "./doubles/clock_double.ts";
import { batchWaitMs, startDispatch } from "./doubles/dispatch_stage.ts";

const body = '{"specversion":"1.0","type":"t.v1","data":{"name":"INV/1 \\u00fc €","total":"10.00"}}';
const mapping = '{"number": data.name}';
const mapped = '{"specversion":"1.0","type":"t.v1","data":{"number":"INV/1 ü €"}}';

async function startMapping(outcome: MappingOutcome) {
  const stage = await startDispatch([buildEndpoint()]);
  stage.mapper.answer = () => outcome;
  stage.sender.answerAll();
  return stage;
}

it("the mapped bytes are sent and signed, in every attempt the same", async () => {
  const outcome = await createMapper(jsonata, { quotesValues: false })(mapping, body);
  const { broker, sender, mapper } = await startMapping(outcome);
  await broker.publishClaim(buildClaim({ body, mapping, attemptNumber: 1 }));
  await settle();
  await broker.publishClaim(buildClaim({ body, mapping, attemptNumber: 2 }));
  await settle();
  expect(sender.posts.map((post) => post.body)).toEqual([mapped, mapped]);
  expect(mapper.applied).toEqual([mapping, mapping]);
  const [secret] = buildEndpoint().signingSecrets;
  for (const post of sender.posts) {
    // Its own clock is not ours, so the time is taken as it came.
    const webhook = new Webhook(secret ?? "");
    const sentAt = new Date(Number(post.headers["webhook-timestamp"]) * 1000);
    const signature = webhook.sign(String(post.headers["webhook-id"]), sentAt, mapped);
    expect(post.headers["webhook-signature"]).toBe(signature);
  }
});

it("without a mapping the body leaves byte for byte as Odoo rendered it", async () => {
  const { broker, sender, mapper } = await startMapping({ kind: "mapped", body: mapped });
  await broker.publishClaim(buildClaim({ body }));
  await settle();
  expect(sender.posts.map((post) => post.body)).toEqual([body]);
  expect(mapper.applied).toEqual([]);
});

it("a mapping that cannot be applied sends nothing and goes to a person, with its place", async () => {
  const place = { line: 3, column: 14, offset: 40, length: 1 };
  const { broker, sender, outcomes, clock } = await startMapping({
    kind: "refused",
    reason: "Unknown operator",
    place,
    cause: "event",
  });
  await broker.publishClaim(buildClaim({ body, mapping }));
  await clock.advance(batchWaitMs);
  expect(sender.posts).toEqual([]);
  expect(outcomes()).toMatchObject([
    {
      statusCode: 0,
      decision: {
        kind: "failed",
        failureClass: "mapping",
        error: expect.stringContaining("line 3, column 14: Unknown operator"),
        stopEndpoint: false,
      },
    },
  ]);
});
