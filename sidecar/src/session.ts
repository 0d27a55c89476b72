/**
 * One environment's work, from its handshake until the signal aborts or the environment changes. Joins the
 * pipeline's parts; a changed environment gets a new session with new names on the broker.
 */
import { AmqpSender } from "./adapters/amqp/amqp_sender.ts";
import { HttpSender } from "./adapters/http_sender.ts";
import { KindSender } from "./adapters/kind_sender.ts";
import { ProcessMapper } from "./adapters/mapping/process_mapper.ts";
import { OAuthSender } from "./adapters/oauth_sender.ts";
import { scopeOf } from "./adapters/rabbitmq/names.ts";
import { RabbitMqBroker } from "./adapters/rabbitmq/rabbitmq_broker.ts";
import { TokenCache } from "./adapters/token_cache.ts";
import { Dispatcher } from "./pipeline/dispatch.ts";
import { EndpointDirectory } from "./pipeline/endpoint_directory.ts";
import { keepHeartbeat } from "./pipeline/heartbeat.ts";
import { OdooTime } from "./pipeline/odoo_time.ts";
import { keepParking } from "./pipeline/parking.ts";
import { Relay } from "./pipeline/relay.ts";
import { ReportWriter } from "./pipeline/report.ts";
import type { RequestBudget } from "./pipeline/request_budget.ts";
import { ServedEndpoints } from "./pipeline/served_endpoints.ts";
import { untilAborted } from "./pipeline/until_aborted.ts";
import { WakeSignal } from "./pipeline/wake_signal.ts";
import { WorkerShares } from "./pipeline/worker_shares.ts";
import type { Clock } from "./ports/clock.ts";
import { describeError, type LogPort } from "./ports/log.ts";
import type { DispatchObserver } from "./ports/observer.ts";
import type { Handshake, OdooPort, WakeUpPort } from "./ports/odoo.ts";
import type { PipelineObserver } from "./ports/pipeline_observer.ts";

/** Small enough that the first delivery of a large batch leaves soon, large enough that calls do not count. */
const claimLimitMax = 400;
const drainTimeoutMs = 20_000;
/**
 * How long calls that are under way at the end may still take. A healthy Odoo answers far sooner; one that hangs
 * would use up the time that supervisors leave before they kill.
 */
const lastCallsMs = 3_000;
const readyCheckMs = 50;

export interface SessionParts {
  readonly odoo: OdooPort;
  readonly wakeUp: WakeUpPort;
  readonly amqpUrl: string;
  readonly pollIntervalMs: number;
  readonly worker: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: LogPort;
  readonly observer: DispatchObserver & PipelineObserver;
  /** Shared by all sessions of the process. */
  readonly budget: RequestBudget;
  countParked(): void;
  /** Told the broker of this session, and undefined when it ends. */
  onBroker(broker: RabbitMqBroker | undefined): void;
  /** Everything is connected and endpoints are known. */
  onReady(): void;
}

/**
 * Resolves when everything has stopped and, within the drain deadline, what was begun is finished. Rejects after that,
 * when a part broke on an assumption of ours.
 */
export async function runSession(
  parts: SessionParts,
  handshake: Handshake,
  stop: AbortSignal,
): Promise<void> {
  const { clock, log, odoo, observer, worker } = parts;
  const changed = new AbortController();
  const ended = AbortSignal.any([stop, changed.signal]);
  const scope = scopeOf(handshake.environmentUuid);
  const broker = new RabbitMqBroker({
    url: parts.amqpUrl,
    scope,
    worker,
    clock,
    log,
    onParked: parts.countParked,
  });
  const sender = new KindSender({
    http: new OAuthSender(new HttpSender(), new TokenCache()),
    amqp: new AmqpSender(),
  });
  const mapper = new ProcessMapper();
  const shares = new WorkerShares(clock, handshake.shareS * 1000);
  const odooTime = new OdooTime(clock);
  odooTime.note(handshake.serverTime);
  const dispatcher = new Dispatcher({
    ...parts,
    broker,
    mapper,
    sender,
    odooTime,
    mayStart: () => shares.isCurrent,
  });
  const served = new ServedEndpoints(shares, log, (endpoints) => dispatcher.applyEndpoints(endpoints));
  const directory = new EndpointDirectory({
    odoo,
    clock,
    log,
    onChange: (endpoints) => served.applyList(endpoints),
  });
  const wake = new WakeSignal(clock);
  const called = new WakeSignal(clock);
  const relay = new Relay({
    odoo,
    broker,
    clock,
    log,
    observer,
    wake,
    worker,
    claimLimit: Math.min(handshake.claimLimit, claimLimitMax),
    pollIntervalMs: parts.pollIntervalMs,
    onEndpointRevision: (revision) => directory.noteRevision(revision),
    readCredits: () => dispatcher.readCredits(),
    onServerTime: (serverTime) => odooTime.note(serverTime),
  });
  const reports = new ReportWriter({
    odoo,
    broker,
    clock,
    log,
    observer,
    onReported: (outcomes) => relay.noteReported(outcomes),
    onMoreDue: () => wake.notify(),
  });
  const onHandshake = (latest: Handshake) => {
    directory.noteRevision(latest.endpointRevision);
    if (latest.environmentUuid === handshake.environmentUuid && !latest.isNeutralized) return;
    log.error("session.environment_changed", {
      code: "IM_ENVIRONMENT_CHANGED",
      was: handshake.environmentUuid,
      is: latest.environmentUuid,
      is_neutralized: latest.isNeutralized,
    });
    changed.abort();
  };

  broker.start();
  parts.onBroker(broker);
  // Reports of earlier runs may wait; they flow before the first claim can repeat their deliveries.
  const reporting = new AbortController();
  const heartbeat = {
    ...parts,
    shares,
    called,
    isBrokerConnected: () => broker.isConnected,
    canServe: () => broker.isConnected && directory.isLoaded,
    isIdle: () => dispatcher.isIdle,
    isWithinShares: () => dispatcher.isWithinConcurrency,
    onHandshake,
    onShares: () => served.applyShares(),
  };
  const relayWhenReady = async () => {
    await untilReady(broker, directory, clock, ended);
    // Takes its share at once.
    called.notify();
    if (!ended.aborted) parts.onReady();
    const hints = { onDue: () => wake.notify(), onWorkers: () => called.notify() };
    parts.wakeUp.listen(handshake.wakeChannel, hints, ended);
    await relay.run(ended);
  };
  let crash: { readonly error: unknown } | undefined;
  const running = Promise.all([
    directory.run(ended),
    keepHeartbeat(heartbeat, ended),
    reports.run(reporting.signal),
    keepParking({ odoo, broker, clock, log, worker }, ended),
    relayWhenReady(),
  ]).catch((error: unknown) => {
    crash = { error };
    changed.abort();
  });
  await untilAborted(running, ended);

  // Sending stops at once, also while a call to Odoo hangs: what is started now may be cut by a kill.
  const drained = AbortSignal.timeout(drainTimeoutMs);
  await dispatcher.drain(drained);
  reporting.abort();
  await untilAborted(running, AbortSignal.any([drained, AbortSignal.timeout(lastCallsMs)]));
  // Nothing is under way any more: the others may take over at once.
  const leaving = odoo.handshake(worker, parts.version).catch((error: unknown) => {
    log.info("session.leave_failed", { reason: describeError(error) });
  });
  await untilAborted(leaving, AbortSignal.any([drained, AbortSignal.timeout(lastCallsMs)]));
  // A broker that is frozen or blocks publishers answers no goodbye.
  await untilAborted(broker.close(drained), drained);
  await untilAborted(sender.close(), drained);
  await mapper.close();
  parts.onBroker(undefined);
  log.info("session.ended", { scope });
  if (crash !== undefined) throw crash.error;
}

async function untilReady(
  broker: RabbitMqBroker,
  directory: EndpointDirectory,
  clock: Clock,
  ended: AbortSignal,
): Promise<void> {
  await untilAborted(directory.whenLoaded(), ended);
  while (!broker.isConnected && !ended.aborted) await clock.sleep(readyCheckMs, ended);
}
