import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { keepParking } from "../src/pipeline/parking.ts";
import type { ParkedMessage } from "../src/ports/broker.ts";
import { OdooUnavailable } from "../src/ports/odoo.ts";
import { recordLog } from "./builders.ts";
import { BrokerDouble } from "./doubles/broker_double.ts";
import { ClockDouble } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";

function buildParked(text: string): ParkedMessage {
  const content = Buffer.from(text);
  const fingerprint = createHash("sha256").update(content).digest("hex");
  return {
    key: text,
    fingerprint,
    foundIn: "dead",
    reason: "IM_MESSAGE_UNREADABLE: expected JSON, got something else",
    messageId: "",
    messageType: "",
    sizeBytes: content.length,
    content,
  };
}

function startStage() {
  const clock = new ClockDouble();
  const broker = new BrokerDouble();
  const odoo = new OdooDouble(clock);
  const { log, lines } = recordLog();
  const stop = new AbortController();
  const ended = keepParking({ odoo, broker, clock, log, worker: "worker-1" }, stop.signal);
  return {
    clock,
    broker,
    odoo,
    lines,
    async end() {
      stop.abort();
      await ended;
    },
  };
}

test("a parked message is acknowledged only after Odoo keeps it", async () => {
  const { clock, broker, odoo, end } = startStage();
  const message = buildParked("whose am I?");
  broker.addParked(message);
  await clock.advance(0);
  expect([...odoo.parked.values()]).toEqual([message]);
  expect(broker.unsettledParkedCount).toBe(0);
  await end();
});

test("while Odoo is away parked messages stay on the broker, and are told when it is back", async () => {
  const { clock, broker, odoo, end } = startStage();
  odoo.failure = new OdooUnavailable("away");
  for (const text of ["one", "two"]) broker.addParked(buildParked(text));
  await clock.advance(120_000);
  expect(odoo.parked.size).toBe(0);
  expect(broker.unsettledParkedCount).toBe(2);
  odoo.failure = undefined;
  await clock.advance(60_000);
  expect(odoo.parked.size).toBe(2);
  expect(broker.unsettledParkedCount).toBe(0);
  await end();
});

test("a message that is parked after Odoo came back does not wait for the next poll", async () => {
  const { clock, broker, odoo, end } = startStage();
  await clock.advance(1000);
  broker.addParked(buildParked("late"));
  await clock.advance(0);
  expect(odoo.parked.size).toBe(1);
  await end();
});

test("a message whose content Odoo cannot take is told without it", async () => {
  const { clock, broker, odoo, end } = startStage();
  const park = odoo.park.bind(odoo);
  odoo.park = async (worker, messages) => {
    if (messages.some((message) => message.content.length > 0)) throw new OdooUnavailable("500");
    return park(worker, messages);
  };
  broker.addParked(buildParked("indigestible"));
  await clock.advance(0);
  const [told] = odoo.parked.values();
  expect(told?.content.length).toBe(0);
  expect(told?.sizeBytes).toBe(12);
  expect(told?.reason).toMatch(/could not take the content/);
  expect(broker.unsettledParkedCount).toBe(0);
  await end();
});

test("a message is told with its fingerprint alone when Odoo refuses what its publisher wrote", async () => {
  const { clock, broker, odoo, end } = startStage();
  const park = odoo.park.bind(odoo);
  odoo.park = async (worker, messages) => {
    const index = messages.findIndex(({ key, fingerprint }) => key !== fingerprint);
    if (index < 0) return park(worker, messages);
    return { parked: [], refused: [{ index, error: "IM_PARK_INVALID: message_key" }] };
  };
  broker.addParked({ ...buildParked("odd"), key: " " });
  await clock.advance(0);
  expect(odoo.parked.size).toBe(1);
  expect(broker.unsettledParkedCount).toBe(0);
  await end();
});

test("a message that Odoo refuses altogether stays on the broker and holds up no other", async () => {
  const { clock, broker, odoo, lines, end } = startStage();
  broker.addParked({ ...buildParked("bad"), fingerprint: "not hex" });
  broker.addParked(buildParked("good"));
  await clock.advance(0);
  expect(odoo.parked.size).toBe(1);
  expect(broker.unsettledParkedCount).toBe(1);
  expect(lines.filter((line) => line.event === "parking.refused")).toHaveLength(1);
  await end();
});
