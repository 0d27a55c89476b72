import type { Lane } from "../../domain/delivery.ts";

/** Every exchange and queue of one environment. Two databases on one broker never share a name. */
export interface BrokerNames {
  readonly laneExchange: string;
  readonly unrouted: string;
  readonly reports: string;
  readonly dead: string;
  readonly parked: string;
  laneQueue(endpointId: number, lane: Lane): string;
  laneKey(endpointId: number, lane: Lane): string;
}

/** `v1` is the version of the queue arguments: a queue's arguments can never change under one name. */
export function brokerNames(scope: string): BrokerNames {
  const prefix = `integration.v1.${scope}`;
  return {
    laneExchange: `${prefix}.lane`,
    unrouted: `${prefix}.unrouted`,
    reports: `${prefix}.reports`,
    dead: `${prefix}.dead`,
    parked: `${prefix}.parked`,
    laneQueue: (endpointId, lane) => `${prefix}.lane.${endpointId}.${lane}`,
    laneKey: (endpointId, lane) => `${endpointId}.${lane}`,
  };
}

/** The part of the environment's identity that fits into a name: its first 8 hex digits. */
export function scopeOf(environmentUuid: string): string {
  return environmentUuid.replaceAll("-", "").slice(0, 8).toLowerCase();
}
