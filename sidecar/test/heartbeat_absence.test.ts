/** Two sidecars share the slots of endpoints; one of them cannot send. */
import { afterAll, describe, expect, test } from "vitest";
import { keepHeartbeat } from "../src/pipeline/heartbeat.ts";
import { WakeSignal } from "../src/pipeline/wake_signal.ts";
import { WorkerShares } from "../src/pipeline/worker_shares.ts";
import { recordLog } from "./builders.ts";
import { ClockDouble } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";
import { RollCallDouble } from "./doubles/roll_call_double.ts";

describe("the heartbeat of a sidecar that cannot send", () => {
  const ended = new AbortController();
  afterAll(() => ended.abort());

  /** One sidecar of several on the same roll call. */
  function startOne(name: string, clock: ClockDouble, rollCall: RollCallDouble) {
    const odoo = new OdooDouble(clock);
    odoo.handshake = async (worker = "", _version, heard) => {
      if (heard === undefined) rollCall.leave(worker);
      const { workers: _none, ...answer } = await OdooDouble.prototype.handshake.call(odoo);
      return { ...answer, workers: heard === undefined ? undefined : rollCall.answer(worker, heard) };
    };
    const shares = new WorkerShares(clock, 15_000);
    const state = { canServe: true, isIdle: true };
    const running = keepHeartbeat(
      {
        odoo,
        clock,
        log: recordLog().log,
        observer: { countClaims: () => {}, countReports: () => {}, setOdooUp: () => {} },
        worker: name,
        version: "0.1.0",
        shares,
        called: new WakeSignal(clock),
        isBrokerConnected: () => true,
        canServe: () => state.canServe,
        isIdle: () => state.isIdle,
        isWithinShares: () => true,
        onHandshake: () => {},
        onShares: () => {},
      },
      ended.signal,
    );
    /** Slots of two endpoints with a concurrency of 1; sidecars share them out when there are two. */
    const countSlots = () => [1, 2].map((endpointId) => shares.countSlots(endpointId, 1));
    return { state, countSlots, running };
  }

  async function startTwo() {
    const clock = new ClockDouble();
    const rollCall = new RollCallDouble(clock);
    const healthy = startOne("worker-1", clock, rollCall);
    const other = startOne("worker-2", clock, rollCall);
    return { clock, healthy, other };
  }

  test("leaves every slot to the others from the start", async () => {
    const { clock, healthy, other } = await startTwo();
    other.state.canServe = false;
    await clock.advance(40_000);
    expect([healthy.countSlots(), other.countSlots()]).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  test("gives its share to the others when that lasts, and has one again soon after it can send", async () => {
    const { clock, healthy, other } = await startTwo();
    await clock.advance(10_000);
    expect(other.countSlots()).not.toEqual([0, 0]);
    other.state.canServe = false;
    await clock.advance(9_000);
    expect(healthy.countSlots()).not.toEqual([1, 1]);
    await clock.advance(11_000);
    expect([healthy.countSlots(), other.countSlots()]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    other.state.canServe = true;
    await clock.advance(6_000);
    expect(healthy.countSlots().map((slots, index) => slots + (other.countSlots()[index] ?? 0))).toEqual([
      1, 1,
    ]);
    expect(other.countSlots()).not.toEqual([0, 0]);
  });

  test("keeps its share while its requests are under way", async () => {
    const { clock, healthy, other } = await startTwo();
    await clock.advance(10_000);
    other.state.canServe = false;
    other.state.isIdle = false;
    await clock.advance(60_000);
    expect(healthy.countSlots()).not.toEqual([1, 1]);
    other.state.isIdle = true;
    await clock.advance(11_000);
    expect(healthy.countSlots()).toEqual([1, 1]);
  });
});
