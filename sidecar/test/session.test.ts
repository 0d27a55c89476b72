import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { scopeOf } from "../src/adapters/rabbitmq/names.ts";
import { RequestBudget } from "../src/pipeline/request_budget.ts";
import { runSession } from "../src/session.ts";
import { buildClaim, buildEndpoint, recordLog } from "./builders.ts";
import { ClockDouble } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";
import { WakeUpDouble } from "./doubles/wakeup_double.ts";
import { requireVariable } from "./support/environment.ts";
import { removeScope } from "./support/real_broker.ts";

const deadline = { timeout: 15_000, interval: 5 };

describe("a session", () => {
  const closings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closings.splice(0)) await close();
  });

  /** A session against a double of Odoo and the real broker, in an environment of its own. */
  async function start() {
    const clock = new ClockDouble();
    const odoo = new OdooDouble(clock);
    odoo.environmentUuid = randomUUID();
    // Its lanes are left alone, so that what is published stays there.
    odoo.endpointList = [buildEndpoint({ id: 7, state: "fenced" })];
    const wakeUp = new WakeUpDouble();
    const { log, lines } = recordLog();
    const stopping = new AbortController();
    let isReady = false;
    let isEnded = false;
    let failure: unknown;
    const handshake = await odoo.handshake();
    const running = runSession(
      {
        odoo,
        wakeUp,
        amqpUrl: requireVariable("IM_TEST_AMQP_URL"),
        pollIntervalMs: 2000,
        worker: "worker-1",
        version: "0.1.0",
        clock,
        log,
        observer: {
          countAttempt: () => {},
          setLoad: () => {},
          setUnconfirmed: () => {},
          countClaims: () => {},
          countReports: () => {},
          setOdooUp: () => {},
        },
        budget: new RequestBudget(256),
        countParked: () => {},
        onBroker: () => {},
        onReady: () => {
          isReady = true;
        },
      },
      handshake,
      stopping.signal,
    )
      .catch((error: unknown) => {
        failure = error;
      })
      .then(() => {
        isEnded = true;
      });
    closings.push(async () => {
      stopping.abort();
      await running;
      await removeScope(scopeOf(handshake.environmentUuid));
    });
    /** Lets time pass in small steps while the real broker answers. */
    const passUntil = (condition: () => boolean) =>
      vi.waitUntil(async () => {
        if (condition()) return true;
        await clock.advance(50);
        return condition();
      }, deadline);
    await passUntil(() => isReady);
    return {
      odoo,
      wakeUp,
      lines,
      passUntil,
      stop: () => stopping.abort(),
      hasEnded: () => isEnded,
      readFailure: () => failure,
    };
  }

  test("listens on the channel that the handshake named and claims after a hint", async () => {
    const { odoo, wakeUp, passUntil } = await start();
    await passUntil(() => wakeUp.channels.length === 1);
    expect(wakeUp.channels).toEqual(["wake"]);
    odoo.addDelivery(buildClaim({ deliveryId: 1 }));
    wakeUp.hint();
    await passUntil(() => odoo.stateOf(1) === "queued");
  });

  test.each([
    [
      "becomes another one",
      (odoo: OdooDouble) => {
        odoo.environmentUuid = randomUUID();
      },
    ],
    [
      "is neutralized",
      (odoo: OdooDouble) => {
        odoo.isNeutralized = true;
      },
    ],
  ] as const)("ends by itself and claims nothing more when the environment %s", async (_case, change) => {
    const { odoo, wakeUp, lines, passUntil, hasEnded } = await start();
    change(odoo);
    await passUntil(hasEnded);
    const claimCount = odoo.countCalls("claim");
    wakeUp.hint();
    expect(odoo.countCalls("claim")).toBe(claimCount);
    expect(lines.find((line) => line.event === "session.environment_changed")).toMatchObject({
      level: "error",
      fields: { code: "IM_ENVIRONMENT_CHANGED" },
    });
  });

  test("ends when it is told to stop while a claim hangs, and sends nothing more meanwhile", async () => {
    const { odoo, wakeUp, lines, passUntil, stop, hasEnded } = await start();
    let isClaiming = false;
    odoo.claim = () => {
      isClaiming = true;
      return new Promise(() => {});
    };
    wakeUp.hint();
    await passUntil(() => isClaiming);
    stop();
    await passUntil(hasEnded);
    expect(lines.at(-1)?.event).toBe("session.ended");
  });

  test("shakes hands at once when another sidecar comes", async () => {
    const { odoo, wakeUp, passUntil } = await start();
    await passUntil(() => wakeUp.channels.length === 1);
    const before = odoo.countCalls("handshake");
    wakeUp.hintWorkers();
    await passUntil(() => odoo.countCalls("handshake") === before + 1);
  });

  test("ends in order and says why when a part of it breaks", async () => {
    const { odoo, wakeUp, lines, passUntil, hasEnded, readFailure } = await start();
    await passUntil(() => wakeUp.channels.length === 1);
    odoo.claim = () => Promise.reject(new TypeError("a bug"));
    wakeUp.hint();
    await passUntil(hasEnded);
    expect(readFailure()).toBeInstanceOf(TypeError);
    expect(lines.at(-1)?.event).toBe("session.ended");
    expect(odoo.heard.at(-1)).toBeUndefined();
  });

  test("says at its end that it sends nothing any more", async () => {
    const { odoo, passUntil, stop, hasEnded } = await start();
    await passUntil(() => odoo.heard.includes("alone"));
    stop();
    await passUntil(hasEnded);
    expect(odoo.heard.at(-1)).toBeUndefined();
  });

  test("ends when it is told to stop, without an error", async () => {
    const { lines, passUntil, stop, hasEnded } = await start();
    stop();
    await passUntil(hasEnded);
    expect(lines.filter((line) => line.level === "error")).toEqual([]);
  });
});
