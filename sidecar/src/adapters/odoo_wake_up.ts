/**
 * WakeUpPort over Odoo's own bus (`/websocket`): no session of a user, one unguessable channel. The hint
 * carries nothing, so a lost one costs at most a poll interval and a doubled one costs an empty claim.
 *
 *   away ──connect──> listening ──closed──> away (wait, connect again) … until the signal aborts
 *
 * Odoo refuses old worker versions of browsers with a clean close "OUTDATED_VERSION"; the version in use is
 * then read from Odoo's own login page instead of being kept in step by hand.
 */
import { request, WebSocket } from "undici";
import { backoffMs } from "../domain/backoff.ts";
import type { Clock } from "../ports/clock.ts";
import { describeError, type LogPort } from "../ports/log.ts";
import type { WakeUpHints, WakeUpPort } from "../ports/odoo.ts";
import { watchSocket } from "./socket_watch.ts";

const openTimeoutMs = 10_000;
const defaultPingIntervalMs = 20_000;
const userAgent = "integration-monitor";
/** Version of Odoo 19.0's websocket worker when this was written. */
const knownVersion = "19.0-2";

export interface WakeUpOptions {
  readonly url: URL;
  readonly database: string;
  readonly clock: Clock;
  readonly log: LogPort;
  /** A socket that is silent for two of these is given up. */
  readonly pingIntervalMs?: number;
}

export function createOdooWakeUp(options: WakeUpOptions): WakeUpPort {
  return {
    listen(channel, hints, signal) {
      void keepListening(options, channel, hints, signal);
    },
  };
}

async function keepListening(
  options: WakeUpOptions,
  channel: string,
  hints: WakeUpHints,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = options;
  let version = knownVersion;
  for (let failureCount = 0; !signal.aborted; ) {
    try {
      const cookie = await openSession(options, signal);
      // An abort that has happened is not heard by who starts to listen for it.
      if (signal.aborted) return;
      const reason = await listenOnce(options, { channel, cookie, version }, signal, {
        onOpen: () => {
          failureCount = 0;
          log.info("wakeup.connected");
          // Whatever was committed while we were away left no hint.
          hints.onDue();
          hints.onWorkers();
        },
        onText: (text) => passOn(text, hints),
      });
      if (reason === "OUTDATED_VERSION") version = await readWorkerVersion(options, cookie, signal);
      if (!signal.aborted) log.info("wakeup.lost", { reason });
    } catch (error) {
      if (!signal.aborted) log.info("wakeup.connect_failed", { reason: describeError(error) });
    }
    failureCount += 1;
    await clock.sleep(backoffMs(failureCount, clock.random()), signal);
  }
}

/**
 * A server with several databases serves /websocket only to a session that has chosen one; the database
 * header is no way round, because Odoo then keeps no session and the socket is closed with 4001.
 */
async function openSession(options: WakeUpOptions, signal: AbortSignal): Promise<string> {
  const url = new URL("/web/login", options.url);
  url.searchParams.set("db", options.database);
  const { headers, body } = await request(url, {
    headers: { "user-agent": userAgent },
    signal: AbortSignal.any([signal, AbortSignal.timeout(openTimeoutMs)]),
  });
  await body.dump();
  const cookies = headers["set-cookie"] ?? [];
  return [cookies]
    .flat()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

async function readWorkerVersion(
  options: WakeUpOptions,
  cookie: string,
  signal: AbortSignal,
): Promise<string> {
  const { body } = await request(new URL("/web/login", options.url), {
    headers: { "user-agent": userAgent, cookie },
    signal: AbortSignal.any([signal, AbortSignal.timeout(openTimeoutMs)]),
  });
  const page = await body.text();
  return /"websocket_worker_version": ?"([^"]+)"/.exec(page)?.[1] ?? knownVersion;
}

interface Listening {
  readonly channel: string;
  readonly cookie: string;
  readonly version: string;
}

interface ListeningEvents {
  onOpen(): void;
  onText(text: string): void;
}

/** Resolves with the reason when the socket has closed. */
function listenOnce(
  options: WakeUpOptions,
  { channel, cookie, version }: Listening,
  signal: AbortSignal,
  events: ListeningEvents,
): Promise<string> {
  const url = new URL("/websocket", options.url);
  url.protocol = options.url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("version", version);
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = new WebSocket(url, {
    headers: { origin: options.url.origin, "user-agent": userAgent, ...(cookie === "" ? {} : { cookie }) },
  });
  const giveUp = () => socket.close();
  const openTimer = setTimeout(giveUp, openTimeoutMs);
  let endWatch = () => {};
  signal.addEventListener("abort", giveUp, { once: true });
  const end = (reason: string) => {
    clearTimeout(openTimer);
    endWatch();
    signal.removeEventListener("abort", giveUp);
    resolve(reason);
  };
  socket.addEventListener("open", () => {
    clearTimeout(openTimer);
    // `last` beyond any id would replay nothing; 0 replays old hints at most once, which is harmless.
    socket.send(JSON.stringify({ event_name: "subscribe", data: { channels: [channel], last: 0 } }));
    endWatch = watchSocket(socket, options.pingIntervalMs ?? defaultPingIntervalMs, () => {
      end("silent: pings are not answered");
      // Nobody is there to say goodbye to, so this is not waited for.
      giveUp();
    });
    events.onOpen();
  });
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") events.onText(data);
  });
  // The error event says nothing that the close event after it does not.
  socket.addEventListener("error", () => {});
  socket.addEventListener("close", ({ code, reason }) => end(reason === "" ? `closed with ${code}` : reason));
  return promise;
}

/** Other notifications of the bus (broadcasts) also arrive here. */
function passOn(text: string, hints: WakeUpHints): void {
  if (text.includes('"integration_monitor.wake"')) hints.onDue();
  if (text.includes('"integration_monitor.workers"')) hints.onWorkers();
}
