import { expect, test } from "vitest";
import { keepHeartbeat } from "../src/pipeline/heartbeat.ts";
import { type Handshake, OdooUnavailable } from "../src/ports/odoo.ts";
import { recordLog } from "./builders.ts";
import { ClockDouble } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";

test("the heartbeat goes on every 10 s through an outage and stops with its signal", async () => {
  const clock = new ClockDouble();
  const odoo = new OdooDouble(clock);
  const stopping = new AbortController();
  const handshakes: Handshake[] = [];
  const ups: boolean[] = [];
  const beating = keepHeartbeat(
    {
      odoo,
      clock,
      log: recordLog().log,
      observer: { countClaims: () => {}, countReports: () => {}, setOdooUp: (isUp) => ups.push(isUp) },
      worker: "worker-1",
      version: "0.1.0",
      onHandshake: (handshake) => handshakes.push(handshake),
    },
    stopping.signal,
  );
  await clock.advance(10_000);
  odoo.failure = new OdooUnavailable("away");
  await clock.advance(10_000);
  odoo.failure = undefined;
  odoo.isNeutralized = true;
  await clock.advance(10_000);
  stopping.abort();
  await clock.advance(30_000);
  await beating;
  expect(handshakes.map((handshake) => handshake.isNeutralized)).toEqual([false, true]);
  expect(ups).toEqual([true, false, true]);
});
