import { afterEach, describe, expect, test } from "vitest";
import { ReportWriter } from "../src/pipeline/report.ts";
import { OdooRefused, OdooUnavailable } from "../src/ports/odoo.ts";
import { buildClaim, buildOutcome, recordLog } from "./builders.ts";
import { BrokerDouble } from "./doubles/broker_double.ts";
import { ClockDouble, settle } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";

describe("the report writer", () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  function build() {
    const clock = new ClockDouble();
    const odoo = new OdooDouble(clock);
    const broker = new BrokerDouble();
    const { log, lines } = recordLog();
    const counts = { applied: 0, stale: 0, refused: 0 };
    const reported: number[] = [];
    let hintCount = 0;
    const writer = new ReportWriter({
      odoo,
      broker,
      clock,
      log,
      observer: {
        countClaims: () => {},
        countReports: (result, count) => {
          counts[result] += count;
        },
        setOdooUp: () => {},
      },
      onReported: (outcomes) => reported.push(...outcomes.map((outcome) => outcome.deliveryId)),
      onMoreDue: () => {
        hintCount += 1;
      },
    });
    const start = async () => {
      const stopping = new AbortController();
      const running = writer.run(stopping.signal);
      stops.push(async () => {
        stopping.abort();
        await running;
      });
      await settle();
    };
    return { clock, odoo, broker, lines, counts, start, reported, readHintCount: () => hintCount };
  }

  test("writes outcomes to Odoo and settles the message only then", async () => {
    const { clock, odoo, broker, counts, start, reported, readHintCount } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    await broker.publishOutcomes([buildOutcome({ deliveryId: 1 })]);
    await settle();
    expect(broker.unsettledReportCount).toBe(1);
    await clock.advance(20);
    expect(odoo.stateOf(1)).toBe("delivered");
    expect(broker.unsettledReportCount).toBe(0);
    expect(counts).toEqual({ applied: 1, stale: 0, refused: 0 });
    expect(reported).toEqual([1]);
    expect(readHintCount()).toBe(0);
  });

  test("collects the outcomes of 20 ms into one call", async () => {
    const { clock, odoo, broker, start } = build();
    await start();
    for (let deliveryId = 1; deliveryId <= 30; deliveryId += 1) {
      await broker.publishOutcomes([buildOutcome({ deliveryId })]);
    }
    await clock.advance(20);
    expect(odoo.reportSizes).toEqual([30]);
  });

  test("writes at once when 400 outcomes are there, without waiting", async () => {
    const { odoo, broker, start } = build();
    await start();
    for (let message = 0; message < 9; message += 1) {
      await broker.publishOutcomes(
        Array.from({ length: 50 }, (_, index) => buildOutcome({ deliveryId: message * 50 + index + 1 })),
      );
    }
    await settle();
    expect(odoo.reportSizes[0]).toBe(400);
  });

  test("says when Odoo has more to send", async () => {
    const { clock, odoo, broker, start, readHintCount } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    odoo.addDelivery(buildClaim({ deliveryId: 2 }));
    await start();
    await broker.publishOutcomes([buildOutcome({ deliveryId: 1 })]);
    await clock.advance(20);
    expect(readHintCount()).toBe(1);
    await broker.publishOutcomes([buildOutcome({ deliveryId: 2 })]);
    await clock.advance(20);
    expect(readHintCount()).toBe(1);
  });

  test("a repeated report is stale, settled, and wakes nobody", async () => {
    const { clock, odoo, broker, counts, start, reported, readHintCount } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    await broker.publishOutcomes([buildOutcome({ deliveryId: 1 })]);
    await clock.advance(20);
    await broker.publishOutcomes([buildOutcome({ deliveryId: 1 })]);
    await clock.advance(20);
    expect(counts).toEqual({ applied: 1, stale: 1, refused: 0 });
    expect(reported).toEqual([1, 1]);
    expect(readHintCount()).toBe(0);
    expect(broker.unsettledReportCount).toBe(0);
  });

  test("a refused outcome is logged with its delivery and does not block the others", async () => {
    const { clock, odoo, broker, lines, counts, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 2 }));
    await start();
    await broker.publishOutcomes([
      buildOutcome({ deliveryId: 1, worker: "" }),
      buildOutcome({ deliveryId: 2 }),
    ]);
    await clock.advance(20);
    expect(counts).toEqual({ applied: 1, stale: 0, refused: 1 });
    expect(lines.find((line) => line.event === "report.refused")).toMatchObject({
      level: "error",
      fields: { delivery_id: 1 },
    });
    expect(broker.unsettledReportCount).toBe(0);
  });

  test("while Odoo is away reports wait on the queue and are handed out once, not once per try", async () => {
    const { clock, odoo, broker, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    odoo.failure = new OdooUnavailable("away");
    await broker.publishOutcomes([buildOutcome({ deliveryId: 1 })]);
    await clock.advance(60_000);
    expect(broker.reportConsumption).toEqual(["consume", "cancel"]);
    expect(broker.unsettledReportCount).toBe(1);
    odoo.failure = undefined;
    await clock.advance(20_000);
    expect(odoo.stateOf(1)).toBe("delivered");
    expect(broker.reportConsumption).toEqual(["consume", "cancel", "consume"]);
    expect(broker.unsettledReportCount).toBe(0);
  });

  test("a refusal of the whole call keeps the reports too", async () => {
    const { clock, odoo, broker, lines, start } = build();
    await start();
    odoo.failure = new OdooRefused("key revoked");
    await broker.publishOutcomes([buildOutcome()]);
    await clock.advance(20);
    expect(lines.at(-1)).toMatchObject({ level: "error", event: "report.odoo_away" });
    expect(broker.unsettledReportCount).toBe(1);
  });

  test("gives up an outcome that Odoo cannot write, and brings in all others", async () => {
    const { clock, odoo, broker, lines, start } = build();
    const take = odoo.report.bind(odoo);
    odoo.report = async (outcomes) => {
      if (outcomes.some((outcome) => outcome.deliveryId === 2)) throw new OdooUnavailable("500");
      return take(outcomes);
    };
    for (const deliveryId of [1, 2, 3]) odoo.addDelivery(buildClaim({ deliveryId }));
    await start();
    await broker.publishOutcomes([1, 2].map((deliveryId) => buildOutcome({ deliveryId })));
    await broker.publishOutcomes([buildOutcome({ deliveryId: 3 })]);
    await clock.advance(20);
    await clock.advance(30_000);
    await clock.advance(30_000);
    expect([1, 2, 3].map((id) => odoo.stateOf(id))).toEqual(["delivered", "pending", "delivered"]);
    expect(broker.unsettledReportCount).toBe(0);
    expect(lines.filter((line) => line.event === "report.given_up").map((line) => line.fields)).toEqual([
      expect.objectContaining({ delivery_id: 2, attempt_number: 1 }),
    ]);
  });

  test("gives up nothing while Odoo takes no report at all", async () => {
    const { clock, odoo, broker, lines, start } = build();
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    await start();
    odoo.failure = new OdooUnavailable("500");
    await broker.publishOutcomes([buildOutcome({ deliveryId: 1 })]);
    for (let minute = 0; minute < 10; minute += 1) await clock.advance(60_000);
    expect(broker.unsettledReportCount).toBe(1);
    odoo.failure = undefined;
    await clock.advance(60_000);
    expect(odoo.stateOf(1)).toBe("delivered");
    expect(lines.map((line) => line.event)).not.toContain("report.given_up");
  });
});
