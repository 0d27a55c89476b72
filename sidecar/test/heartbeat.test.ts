import { afterEach, describe, expect, test } from "vitest";
import { keepHeartbeat } from "../src/pipeline/heartbeat.ts";
import { WakeSignal } from "../src/pipeline/wake_signal.ts";
import { WorkerShares } from "../src/pipeline/worker_shares.ts";
import { type Handshake, OdooUnavailable } from "../src/ports/odoo.ts";
import { recordLog } from "./builders.ts";
import { ClockDouble } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";

describe("the heartbeat", () => {
  const endings: AbortController[] = [];
  afterEach(() => {
    for (const ended of endings.splice(0)) ended.abort();
  });

  async function start() {
    const clock = new ClockDouble();
    const odoo = new OdooDouble(clock);
    const handshakes: Handshake[] = [];
    const ups: boolean[] = [];
    const shares = new WorkerShares(clock, 15_000);
    const called = new WakeSignal(clock);
    const state = {
      isBrokerConnected: true,
      canServe: true,
      isIdle: true,
      isWithinShares: true,
      sharesCount: 0,
    };
    const ended = new AbortController();
    endings.push(ended);
    const running = keepHeartbeat(
      {
        odoo,
        clock,
        log: recordLog().log,
        observer: { countClaims: () => {}, countReports: () => {}, setOdooUp: (isUp) => ups.push(isUp) },
        worker: "worker-1",
        version: "0.1.0",
        shares,
        called,
        isBrokerConnected: () => state.isBrokerConnected,
        canServe: () => state.canServe,
        isIdle: () => state.isIdle,
        isWithinShares: () => state.isWithinShares,
        onHandshake: (handshake) => handshakes.push(handshake),
        onShares: () => {
          state.sharesCount += 1;
        },
      },
      ended.signal,
    );
    await clock.advance(0);
    const stop = async () => {
      ended.abort();
      await running;
    };
    return { clock, odoo, handshakes, ups, shares, called, state, stop };
  }

  test("beats at once, then every 5 s, and stops with its signal", async () => {
    const { clock, odoo, stop } = await start();
    await clock.advance(15_000);
    expect(odoo.countCalls("handshake")).toBe(4);
    await stop();
    await clock.advance(30_000);
    expect(odoo.countCalls("handshake")).toBe(4);
  });

  test("goes on through an outage and finds out soon when it is over", async () => {
    const { clock, odoo, handshakes, ups } = await start();
    odoo.failure = new OdooUnavailable("away");
    await clock.advance(60_000);
    odoo.failure = undefined;
    odoo.isNeutralized = true;
    await clock.advance(5_000);
    expect(handshakes.map((handshake) => handshake.isNeutralized)).toContain(true);
    expect([ups.at(0), ups.includes(false), ups.at(-1)]).toEqual([true, true, true]);
  });

  test("asks again soon until all sidecars have heard of each other, and confirms what it has heard", async () => {
    const { clock, odoo } = await start();
    odoo.standing = { count: 2, index: 0, roll: "two", isSettled: false };
    await clock.advance(5_000);
    const before = odoo.countCalls("handshake");
    await clock.advance(1_000);
    expect(odoo.countCalls("handshake") - before).toBeGreaterThan(2);
    expect(odoo.heard.at(-1)).toBe("two");
  });

  test("confirms nothing while more requests are under way than that would allow", async () => {
    const { clock, odoo, state } = await start();
    odoo.standing = { count: 2, index: 0, roll: "two", isSettled: false };
    await clock.advance(5_000);
    state.isWithinShares = false;
    await clock.advance(1_000);
    expect(odoo.heard.at(-1)).toBe("");
    state.isWithinShares = true;
    await clock.advance(1_000);
    expect(odoo.heard.at(-1)).toBe("two");
  });

  test("asks again soon when Odoo was busy with another sidecar, which is no sign of life", async () => {
    const { clock, odoo, shares } = await start();
    odoo.standing = undefined;
    const before = odoo.countCalls("handshake");
    await clock.advance(16_000);
    expect(odoo.countCalls("handshake") - before).toBeGreaterThan(4);
    expect(shares.isCurrent).toBe(false);
  });

  test("asks again soon after one busy answer, so that the share stays current", async () => {
    const { clock, odoo, shares } = await start();
    const handshake = odoo.handshake.bind(odoo);
    odoo.handshake = async (...values) => {
      odoo.handshake = handshake;
      return { ...(await handshake(...values)), workers: undefined };
    };
    await clock.advance(5_000);
    const before = odoo.countCalls("handshake");
    await clock.advance(500);
    expect([odoo.countCalls("handshake") - before, shares.isCurrent]).toEqual([1, true]);
  });

  test("tells that the broker is there, and that it is away when that lasts", async () => {
    const { clock, odoo, state } = await start();
    await clock.advance(5_000);
    expect(odoo.brokerStates.at(-1)).toBe(true);
    state.isBrokerConnected = false;
    await clock.advance(5_000);
    expect(odoo.brokerStates.at(-1)).toBeUndefined();
    await clock.advance(15_000);
    expect(odoo.brokerStates.at(-1)).toBe(false);
    state.isBrokerConnected = true;
    await clock.advance(5_000);
    expect(odoo.brokerStates.at(-1)).toBe(true);
  });

  test("does not keep step with other sidecars", async () => {
    const { clock, odoo } = await start();
    clock.chance = 0;
    await clock.advance(5_000);
    const before = odoo.countCalls("handshake");
    await clock.advance(4_500);
    expect(odoo.countCalls("handshake")).toBe(before + 1);
  });

  test("shakes hands at once when it is called", async () => {
    const { clock, odoo, called } = await start();
    const before = odoo.countCalls("handshake");
    called.notify();
    await clock.advance(0);
    expect(odoo.countCalls("handshake")).toBe(before + 1);
  });

  test("tells about shares also when a beat failed: they may have run out", async () => {
    const { clock, odoo, state } = await start();
    odoo.failure = new OdooUnavailable("away");
    const before = state.sharesCount;
    await clock.advance(5_000);
    expect(state.sharesCount).toBeGreaterThan(before);
  });
});
