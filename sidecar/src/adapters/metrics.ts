/** Prometheus metrics. Labels are names of databases, closed lists and endpoint ids; names of endpoints stay in Odoo. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { DispatchObserver } from "../ports/observer.ts";
import type { PipelineObserver } from "../ports/pipeline_observer.ts";
import { createLoadGauges } from "./metrics_load.ts";

/** From the recommendations for messaging durations, and up to the longest endpoint deadline. */
const durationBucketsS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Lag includes retries, so it reaches from milliseconds to days. */
const lagBucketsS = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200, 172_800,
];

export interface DatabaseMetrics {
  readonly observer: DispatchObserver & PipelineObserver;
  countParked(): void;
}

export interface Metrics {
  /**
   * @param database the label of all it counts
   * @param isBrokerUp asked at each scrape
   */
  forDatabase(database: string, isBrokerUp: () => boolean): DatabaseMetrics;
  /** The text of `/metrics` and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function createMetrics(): Metrics {
  const brokers = new Map<string, () => boolean>();
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const attempts = new Counter({
    name: "integration_deliveries_attempted_total",
    help: "Tries that ended, by result and failure class",
    labelNames: ["database", "result", "failure_class"],
    registers,
  });
  const duration = new Histogram({
    name: "integration_delivery_duration_seconds",
    help: "One try, from connect to the end of the answer",
    labelNames: ["database"],
    buckets: durationBucketsS,
    registers,
  });
  const lag = new Histogram({
    name: "integration_delivery_lag_seconds",
    help: "From the recording of the event in Odoo to the end of a delivering try",
    labelNames: ["database"],
    buckets: lagBucketsS,
    registers,
  });
  const claims = new Counter({
    name: "integration_claims_total",
    help: "Claims put on a lane and confirmed by the broker",
    labelNames: ["database"],
    registers,
  });
  const reports = new Counter({
    name: "integration_reports_total",
    help: "Reported outcomes, by what Odoo made of them",
    labelNames: ["database", "result"],
    registers,
  });
  const parked = new Counter({
    name: "integration_messages_parked_total",
    help: "Messages that could not be attributed to a delivery and wait for a person",
    labelNames: ["database"],
    registers,
  });
  const odooUp = new Gauge({
    name: "integration_odoo_up",
    help: "1 while Odoo takes calls",
    labelNames: ["database"],
    registers,
  });
  new Gauge({
    name: "integration_broker_up",
    help: "1 while the broker takes and gives messages",
    labelNames: ["database"],
    registers,
    collect() {
      for (const [database, isUp] of brokers) this.set({ database }, isUp() ? 1 : 0);
    },
  });
  const observeLoad = createLoadGauges(registry);

  const forDatabase = (database: string, isBrokerUp: () => boolean): DatabaseMetrics => {
    brokers.set(database, isBrokerUp);
    odooUp.set({ database }, 0);
    return {
      observer: {
        countAttempt(attempt) {
          attempts.inc({ database, result: attempt.result, failure_class: attempt.failureClass ?? "none" });
          duration.observe({ database }, attempt.durationMs / 1000);
          if (attempt.result === "delivered") lag.observe({ database }, attempt.lagMs / 1000);
        },
        ...observeLoad(database),
        countClaims: (count) => claims.inc({ database }, count),
        countReports: (result, count) => reports.inc({ database, result }, count),
        setOdooUp: (isUp) => odooUp.set({ database }, isUp ? 1 : 0),
      },
      countParked: () => parked.inc({ database }),
    };
  };
  return {
    forDatabase,
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
