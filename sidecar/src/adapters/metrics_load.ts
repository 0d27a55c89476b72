/** What is under way now. It changes several times with each delivery, so it is kept plain and labelled only at a scrape. */
import { Gauge, type Registry } from "prom-client";
import type { DispatchObserver } from "../ports/observer.ts";

interface DatabaseLoad {
  unconfirmedCount: number;
  isBlocked: boolean;
  readonly endpoints: Map<number, { readonly inFlightCount: number; readonly waitingCount: number }>;
}

type LoadObserver = Pick<DispatchObserver, "setLoad" | "setUnconfirmed">;

/** Returns the observer of one database, by its name. */
export function createLoadGauges(registry: Registry): (database: string) => LoadObserver {
  const loads = new Map<string, DatabaseLoad>();
  const ofEndpoint = (name: string, help: string, field: "inFlightCount" | "waitingCount") =>
    new Gauge({
      name,
      help,
      labelNames: ["database", "endpoint_id"],
      registers: [registry],
      collect() {
        for (const [database, { endpoints }] of loads)
          for (const [id, load] of endpoints) this.set({ database, endpoint_id: id }, load[field]);
      },
    });
  const ofDatabase = (name: string, help: string, read: (load: DatabaseLoad) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["database"],
      registers: [registry],
      collect() {
        for (const [database, load] of loads) this.set({ database }, read(load));
      },
    });

  ofEndpoint("integration_requests_in_flight", "Requests under way", "inFlightCount");
  ofEndpoint(
    "integration_messages_waiting",
    "Messages taken from a lane that wait for a slot of their endpoint",
    "waitingCount",
  );
  ofDatabase(
    "integration_outcomes_unconfirmed",
    "Outcomes that the broker has not confirmed yet",
    ({ unconfirmedCount }) => unconfirmedCount,
  );
  ofDatabase(
    "integration_sending_blocked",
    "1 while no request is started because outcomes cannot be stored",
    ({ isBlocked }) => (isBlocked ? 1 : 0),
  );

  return (database) => {
    const load = loads.get(database) ?? { unconfirmedCount: 0, isBlocked: false, endpoints: new Map() };
    loads.set(database, load);
    return {
      setLoad(endpointId, inFlightCount, waitingCount) {
        load.endpoints.set(endpointId, { inFlightCount, waitingCount });
      },
      setUnconfirmed(unconfirmedCount, isBlocked) {
        Object.assign(load, { unconfirmedCount, isBlocked });
      },
    };
  };
}
