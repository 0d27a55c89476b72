/** Prometheus metrics. Labels are closed lists and endpoint ids; names of endpoints stay in Odoo. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { DispatchObserver } from "../ports/observer.ts";
import type { PipelineObserver } from "../ports/pipeline_observer.ts";

/** From the recommendations for messaging durations, and up to the longest endpoint deadline. */
const durationBucketsS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Lag includes retries, so it reaches from milliseconds to days. */
const lagBucketsS = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200, 172_800,
];

export interface Metrics {
  readonly observer: DispatchObserver & PipelineObserver;
  countParked(): void;
  /** The text of `/metrics` and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** @param isBrokerUp asked at each scrape */
export function createMetrics(isBrokerUp: () => boolean): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const attempts = new Counter({
    name: "integration_deliveries_attempted_total",
    help: "Tries that ended, by result and failure class",
    labelNames: ["result", "failure_class"],
    registers,
  });
  const duration = new Histogram({
    name: "integration_delivery_duration_seconds",
    help: "One try, from connect to the end of the answer",
    buckets: durationBucketsS,
    registers,
  });
  const lag = new Histogram({
    name: "integration_delivery_lag_seconds",
    help: "From the recording of the event in Odoo to the end of a delivering try",
    buckets: lagBucketsS,
    registers,
  });
  const claims = new Counter({
    name: "integration_claims_total",
    help: "Claims put on a lane and confirmed by the broker",
    registers,
  });
  const reports = new Counter({
    name: "integration_reports_total",
    help: "Reported outcomes, by what Odoo made of them",
    labelNames: ["result"],
    registers,
  });
  const parked = new Counter({
    name: "integration_messages_parked_total",
    help: "Messages that could not be attributed to a delivery and wait for a person",
    registers,
  });
  const odooUp = new Gauge({ name: "integration_odoo_up", help: "1 while Odoo takes calls", registers });
  new Gauge({
    name: "integration_broker_up",
    help: "1 while the broker takes and gives messages",
    registers,
    collect() {
      this.set(isBrokerUp() ? 1 : 0);
    },
  });
  const inFlight = new Gauge({
    name: "integration_requests_in_flight",
    help: "Requests under way",
    labelNames: ["endpoint_id"],
    registers,
  });
  const waiting = new Gauge({
    name: "integration_messages_waiting",
    help: "Messages taken from a lane that wait for a slot of their endpoint",
    labelNames: ["endpoint_id"],
    registers,
  });
  const unconfirmed = new Gauge({
    name: "integration_outcomes_unconfirmed",
    help: "Outcomes that the broker has not confirmed yet",
    registers,
  });
  const blocked = new Gauge({
    name: "integration_sending_blocked",
    help: "1 while no request is started because outcomes cannot be stored",
    registers,
  });

  return {
    observer: {
      countAttempt(attempt) {
        attempts.inc({ result: attempt.result, failure_class: attempt.failureClass ?? "none" });
        duration.observe(attempt.durationMs / 1000);
        if (attempt.result === "delivered") lag.observe(attempt.lagMs / 1000);
      },
      setLoad(endpointId, inFlightCount, waitingCount) {
        inFlight.set({ endpoint_id: endpointId }, inFlightCount);
        waiting.set({ endpoint_id: endpointId }, waitingCount);
      },
      setUnconfirmed(outcomes, isBlocked) {
        unconfirmed.set(outcomes);
        blocked.set(isBlocked ? 1 : 0);
      },
      countClaims: (count) => claims.inc(count),
      countReports: (result, count) => reports.inc({ result }, count),
      setOdooUp: (isUp) => odooUp.set(isUp ? 1 : 0),
    },
    countParked: () => parked.inc(),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
