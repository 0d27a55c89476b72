import { afterEach } from "vitest";
import { Relay } from "../../src/pipeline/relay.ts";
import { WakeSignal } from "../../src/pipeline/wake_signal.ts";
import type { PipelineObserver } from "../../src/ports/pipeline_observer.ts";
import { recordLog } from "../builders.ts";
import { BrokerDouble } from "./broker_double.ts";
import { ClockDouble, settle } from "./clock_double.ts";
import { OdooDouble } from "./odoo_double.ts";

export const pollIntervalMs = 2000;

const stops: (() => Promise<void>)[] = [];

/** Call once in a test file: ends after each test every relay it started. */
export function stopRelaysAfterEach(): void {
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
}

/** A relay between doubles, not started yet. */
export function buildRelay(options: { readonly claimLimit?: number } = {}) {
  const clock = new ClockDouble();
  const odoo = new OdooDouble(clock);
  const broker = new BrokerDouble();
  const wake = new WakeSignal(clock);
  const { log, lines } = recordLog();
  const revisions: number[] = [];
  const observer: PipelineObserver = { countClaims: () => {}, countReports: () => {}, setOdooUp: () => {} };
  const relay = new Relay({
    odoo,
    broker,
    clock,
    log,
    observer,
    wake,
    worker: "worker-1",
    claimLimit: options.claimLimit ?? 100,
    pollIntervalMs,
    onEndpointRevision: (revision) => revisions.push(revision),
  });
  const stopping = new AbortController();
  const start = async () => {
    const running = relay.run(stopping.signal);
    stops.push(async () => {
      stopping.abort();
      await running;
    });
    await settle();
  };
  const stop = async () => {
    stopping.abort();
    await settle();
  };
  return { clock, odoo, broker, wake, lines, revisions, relay, start, stop };
}
