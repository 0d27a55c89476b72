import type { Endpoint } from "../../src/domain/delivery.ts";
import { Dispatcher } from "../../src/pipeline/dispatch.ts";
import { RequestBudget } from "../../src/pipeline/request_budget.ts";
import { recordLog } from "../builders.ts";
import { ClockDouble, settle } from "./clock_double.ts";
import { LaneBrokerDouble } from "./lane_broker_double.ts";
import { MapperDouble } from "./mapper_double.ts";
import { ObserverDouble } from "./observer_double.ts";
import { SenderDouble } from "./sender_double.ts";

/** Longer than outcomes wait for company. */
export const batchWaitMs = 10;

/** A dispatcher that serves these endpoints, between doubles of everything it touches. */
export async function startDispatch(
  endpoints: readonly Endpoint[],
  broker = new LaneBrokerDouble(),
  budget = new RequestBudget(256),
) {
  const sender = new SenderDouble();
  const mapper = new MapperDouble();
  const clock = new ClockDouble();
  const observer = new ObserverDouble();
  const { log, lines } = recordLog();
  const names = { worker: "worker-1", version: "0.1.0" };
  /** Whether other sidecars leave us our share. */
  const share = { isOurs: true };
  const mayStart = () => share.isOurs;
  const parts = { broker, mapper, sender, clock, observer, log, budget, mayStart, ...names };
  const dispatcher = new Dispatcher(parts);
  dispatcher.applyEndpoints(endpoints);
  await settle();
  /** Everything the broker has confirmed, in order. */
  const outcomes = () => broker.publishedReports.flat();
  return { dispatcher, broker, mapper, sender, clock, observer, lines, outcomes, share };
}
