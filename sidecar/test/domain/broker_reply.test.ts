import { describe, expect, it } from "vitest";
import {
  type BrokerReply,
  classifyReply,
  describeReply,
  nameReply,
  readReplyCode,
  replyTable,
} from "../../src/domain/broker_reply.ts";
import { decide } from "../../src/domain/retry_policy.ts";
import { buildEndpoint } from "../builders.ts";

describe("classifyReply", () => {
  it.each([
    [312, "NO_ROUTE", "endpoint_missing"],
    [402, "INVALID_PATH", "endpoint_missing"],
    [403, "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN.", "auth"],
    [403, "ACCESS_REFUSED - access to exchange 'x' in vhost '/' refused for user 'y'", "auth"],
    [404, "NOT_FOUND - no exchange 'x' in vhost '/'", "endpoint_missing"],
    [406, "PRECONDITION_FAILED - message size 20 is larger than configured max size 10", "too_large"],
    [406, "PRECONDITION_FAILED - invalid expiration", "configuration"],
    [311, "CONTENT_TOO_LARGE", "too_large"],
    [530, "NOT_ALLOWED - vhost x not found", "endpoint_missing"],
    [530, "NOT_ALLOWED - access to vhost 'x' refused for user 'y'", "auth"],
    [530, "NOT_ALLOWED - whatever", "configuration"],
    [540, "NOT_IMPLEMENTED", "server_error"],
    [599, "INVENTED", "rejected"],
    ["connection.start", "", "configuration"],
  ] as const)("judges %s %s as %s for a person", (code, text, failureClass) => {
    expect(classifyReply({ code, text })).toMatchObject({ failureClass, fate: "permanent" });
  });

  it.each([
    ["basic.nack", "", "unavailable"],
    ["connection.blocked", "low on memory", "unavailable"],
    [313, "NO_CONSUMERS", "unavailable"],
    [320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", "unavailable"],
    [506, "RESOURCE_ERROR", "unavailable"],
    [501, "FRAME_ERROR", "server_error"],
    [541, "INTERNAL_ERROR", "server_error"],
    [
      530,
      "NOT_ALLOWED - access to vhost '/' refused for user 'y': connection limit (1) is reached",
      "unavailable",
    ],
    [530, "NOT_ALLOWED - vhost 'x' is down", "unavailable"],
  ] as const)("judges %s %s as %s for another try", (code, text, failureClass) => {
    expect(classifyReply({ code, text })).toMatchObject({ failureClass, fate: "transient" });
  });
});

describe("a reply in words", () => {
  it.each<[BrokerReply, string, string]>([
    [{ code: 312, text: "NO_ROUTE" }, "AMQP 312 NO_ROUTE", "AMQP 312 NO_ROUTE"],
    [
      { code: 404, text: "NOT_FOUND - no exchange 'x'" },
      "AMQP 404 NOT_FOUND",
      "AMQP 404 NOT_FOUND - no exchange 'x'",
    ],
    [{ code: 404, text: "where is it" }, "AMQP 404 NOT_FOUND", "AMQP 404 NOT_FOUND - where is it"],
    [{ code: 599, text: "" }, "AMQP 599", "AMQP 599"],
    [{ code: "basic.nack", text: "" }, "AMQP basic.nack", "AMQP basic.nack"],
    [{ code: 200, text: "" }, "AMQP 200 REPLY_SUCCESS", "AMQP 200 REPLY_SUCCESS"],
  ])("%j", (reply, name, description) => {
    expect([nameReply(reply), describeReply(reply)]).toEqual([name, description]);
  });

  it("is bounded whatever the broker says", () => {
    expect(describeReply({ code: 404, text: "x".repeat(10_000) }).length).toBeLessThanOrEqual(2000);
  });

  it("keeps AMQP's number, and 0 where AMQP has none", () => {
    expect(readReplyCode({ code: 312, text: "" })).toBe(312);
    expect(readReplyCode({ code: "basic.nack", text: "" })).toBe(0);
  });

  it("of the table starts a sentence that can go on, and says what to do in whole ones", () => {
    expect(replyTable.filter((entry) => !/^[A-Z].*[^.:!]$/.test(entry.reason))).toEqual([]);
    expect(replyTable.filter((entry) => !/^[A-Z].*\.$/.test(entry.whatToDo))).toEqual([]);
  });
});

describe("the decision on a reply", () => {
  const decideOn = (reply: BrokerReply, scheduleStep = 1) =>
    decide({ kind: "replied", reply }, { scheduleStep }, buildEndpoint(), new Date(), 0.5);

  it("is delivered for a confirm and for nothing else", () => {
    expect(decideOn({ code: 200, text: "" })).toEqual({ kind: "delivered" });
    for (const { code } of replyTable) expect(decideOn({ code, text: "" }).kind).not.toBe("delivered");
  });

  it("follows the same schedule as over HTTP", () => {
    expect(decideOn({ code: "basic.nack", text: "" }, 1)).toMatchObject({ kind: "retry", retryDelayS: 30 });
    expect(decideOn({ code: "basic.nack", text: "" }, 8)).toMatchObject({ kind: "failed" });
  });

  it("quotes the broker's own words once", () => {
    expect(decideOn({ code: 404, text: "NOT_FOUND - no exchange 'x'" })).toMatchObject({
      error: "The exchange does not exist on the broker (AMQP 404 NOT_FOUND): \"no exchange 'x'\"",
    });
    expect(decideOn({ code: 312, text: "NO_ROUTE" })).toMatchObject({
      error: "No queue at the broker takes this routing key (AMQP 312 NO_ROUTE)",
    });
  });
});
