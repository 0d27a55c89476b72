import { expect, test } from "vitest";
import {
  readClaimBody,
  readReportBody,
  writeClaimBody,
  writeReportBody,
} from "../src/adapters/rabbitmq/message_body.ts";
import { brokerNames, scopeOf } from "../src/adapters/rabbitmq/names.ts";
import { buildClaim, buildOutcome } from "./builders.ts";

test("a lane message has the names Odoo uses", () => {
  expect(JSON.parse(writeClaimBody(buildClaim()).toString())).toMatchObject({
    delivery_id: 1,
    attempt_number: 1,
    endpoint_id: 7,
    record_key: "account.move,42",
  });
});

test("a test keeps its mark on the road, and its request on the way back", () => {
  const claim = buildClaim({ isTest: true });
  expect(readClaimBody(writeClaimBody(claim))).toEqual({ kind: "read", value: claim });
  const outcome = buildOutcome({ request: { head: "POST / HTTP/1.1", body: "{}" } });
  expect(readReportBody(writeReportBody([outcome]))).toEqual({ kind: "read", value: [outcome] });
});

test.each(["", "[]", "{}", '{"delivery_id": "1"}', '"text"', "\u00ff\u00fe"])(
  "%j is unreadable as a claim",
  (text) => {
    expect(readClaimBody(Buffer.from(text))).toMatchObject({
      kind: "unreadable",
      reason: expect.stringMatching(/^IM_MESSAGE_UNREADABLE/),
    });
  },
);

test("a claim with an impossible number is unreadable, and the reason names the field and not its value", () => {
  const body = Buffer.from(
    JSON.stringify({ ...JSON.parse(writeClaimBody(buildClaim()).toString()), attempt_number: 0 }),
  );
  expect(readClaimBody(body)).toMatchObject({ reason: expect.stringContaining("attempt_number") });
});

test("a report of an unknown version is unreadable", () => {
  const body = { ...JSON.parse(writeReportBody([buildOutcome()]).toString()), version: 2 };
  expect(readReportBody(Buffer.from(JSON.stringify(body)))).toMatchObject({ kind: "unreadable" });
});

test("a failure without its class is unreadable", () => {
  const report = JSON.parse(writeReportBody([buildOutcome()]).toString());
  report.outcomes[0].result = "failed";
  expect(readReportBody(Buffer.from(JSON.stringify(report)))).toMatchObject({
    reason: expect.stringContaining("failure_class"),
  });
});

test("names carry the first eight digits of the environment", () => {
  const names = brokerNames(scopeOf("DE4EF0CE-c5a5-5545-86a7-db6f6221a4a0"));
  expect(names.laneQueue(7, "urgent")).toBe("integration.v1.de4ef0ce.lane.7.urgent");
  expect(names.reports).toBe("integration.v1.de4ef0ce.reports");
});
