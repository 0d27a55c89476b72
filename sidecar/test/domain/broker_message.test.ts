import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildBrokerMessage, MessageRefused } from "../../src/domain/broker_message.ts";

const headers = {
  "content-type": "application/cloudevents+json; charset=utf-8",
  "webhook-id": "event-1",
  "webhook-timestamp": "1794300000",
  "webhook-signature": "v1,abc",
  "user-agent": "integration-monitor/0.1.0",
  authorization: "Basic canary",
};

function buildBody(shown: object = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: "odoo.account.invoice.posted.v1",
      subject: "account.move/42",
      data: { company: { id: 3 } },
      ...shown,
    }),
  );
}

const build = (routingKey: string, body = buildBody()) =>
  buildBrokerMessage({ exchange: "hooks", routingKey }, headers, body);

describe("the routing key", () => {
  it.each([
    ["{event_type}", "odoo.account.invoice.posted.v1"],
    ["erp.{company_id}.{record_model}", "erp.3.account.move"],
    ["{event_type}.{event_type}", "odoo.account.invoice.posted.v1.odoo.account.invoice.posted.v1"],
    ["fixed", "fixed"],
    ["", ""],
    ["a}b{c", "a}b{c"],
  ])("%j becomes %j", (template, key) => {
    expect(build(template).routingKey).toBe(key);
  });

  it("has company 0 for an event of no company", () => {
    expect(build("{company_id}", buildBody({ data: { company: null } })).routingKey).toBe("0");
    expect(build("{company_id}", buildBody({ data: {} })).routingKey).toBe("0");
  });

  it("is not filled twice: a value that looks like a placeholder stays as it is", () => {
    expect(build("{event_type}", buildBody({ type: "{company_id}" })).routingKey).toBe("{company_id}");
  });

  it.each(["{colour}", "{}", "{toString}", "{__proto__}", "{EVENT_TYPE}"])(
    "%j is refused by its name",
    (template) => {
      expect(() => build(template)).toThrow(`unknown placeholder ${template}`);
    },
  );

  it("is counted in bytes, as AMQP does", () => {
    expect(build("ü".repeat(127)).routingKey).toHaveLength(127);
    expect(() => build("ü".repeat(128))).toThrow(/has 256 bytes/);
  });
});

describe("the message", () => {
  it("carries the signature and no credentials", () => {
    const message = build("a");
    expect(message.headers).toEqual({
      "webhook-id": "event-1",
      "webhook-timestamp": "1794300000",
      "webhook-signature": "v1,abc",
    });
    expect(JSON.stringify(message)).not.toContain("canary");
    expect(message).toMatchObject({ messageId: "event-1", timestampS: 1_794_300_000, exchange: "hooks" });
  });

  it("holds the very bytes it was given", () => {
    const body = buildBody();
    expect(build("a", body).body).toBe(body);
  });

  it("is built or refused, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          build("{event_type}.{company_id}", Buffer.from(text));
        } catch (error) {
          expect(error).toBeInstanceOf(MessageRefused);
        }
      }),
    );
  });
});
