// The sidecar's own way from the lane to the acknowledgement, with its real parts, its metrics and its log.

import { HttpSender } from "../../sidecar/src/adapters/http_sender.ts";
import { createLogger } from "../../sidecar/src/adapters/logger.ts";
import { ProcessMapper } from "../../sidecar/src/adapters/mapping/process_mapper.ts";
import { createMetrics } from "../../sidecar/src/adapters/metrics.ts";
import { OAuthSender } from "../../sidecar/src/adapters/oauth_sender.ts";
import { RabbitMqBroker } from "../../sidecar/src/adapters/rabbitmq/rabbitmq_broker.ts";
import { systemClock as clock } from "../../sidecar/src/adapters/system_clock.ts";
import { TokenCache } from "../../sidecar/src/adapters/token_cache.ts";
import type { Claim, Endpoint, Lane } from "../../sidecar/src/domain/delivery.ts";
import { Dispatcher } from "../../sidecar/src/pipeline/dispatch.ts";
import { RequestBudget } from "../../sidecar/src/pipeline/request_budget.ts";
import type { BrokerPort, Received } from "../../sidecar/src/ports/broker.ts";
import { readSettings, serveContender } from "./contender.ts";
import { buildLaneEndpoint } from "./lane.ts";

const { amqpUrl, scope, hookUrl } = readSettings();
const worker = "bench";
const log = createLogger("info", worker);
const broker = new RabbitMqBroker({ url: amqpUrl, scope, worker, clock, log });
const metrics = createMetrics().forDatabase("bench", () => broker.isConnected);
let left = 0;
let finished = Promise.withResolvers<void>();
const dispatcher = new Dispatcher({
  broker: countAcks(broker),
  mapper: new ProcessMapper(),
  sender: new OAuthSender(new HttpSender(), new TokenCache()),
  clock,
  log,
  observer: metrics.observer,
  budget: new RequestBudget(256),
  mayStart: () => true,
  worker,
  version: "bench",
});
broker.start();

serveContender(async (count) => {
  left = count;
  finished = Promise.withResolvers<void>();
  const endpoint: Endpoint = buildLaneEndpoint(hookUrl);
  dispatcher.applyEndpoints([endpoint]);
  await finished.promise;
  // Lanes of an endpoint that Odoo does not list are left alone; a paused one's would be given back to Odoo.
  dispatcher.applyEndpoints([]);
});

/** The same broker; only that someone counts the acknowledgements. */
function countAcks(real: RabbitMqBroker): BrokerPort {
  const consumeLane = (
    endpointId: number,
    lane: Lane,
    prefetch: number,
    onClaim: (message: Received<Claim>) => void,
  ) =>
    real.consumeLane(endpointId, lane, prefetch, (message) => {
      const { ack } = message;
      const counted = () => {
        ack();
        left -= 1;
        if (left === 0) finished.resolve();
      };
      onClaim(Object.assign(message, { ack: counted }));
    });
  return new Proxy(real, {
    get: (target, name) => {
      if (name === "consumeLane") return consumeLane;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
