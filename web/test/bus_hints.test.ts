import type { BusService } from "odoo-services";
import { expect, test } from "vitest";
import { documentHints, listenForHints } from "../src/bus_hints.ts";

/** Odoo's bus, which adds channels only once its worker has started. */
function createBus() {
  const channels: string[] = [];
  const callbacks = new Set<(payload: unknown) => void>();
  const reconnectListeners = new Set<() => void>();
  let startWorker: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    startWorker = resolve;
  });
  const bus: BusService = {
    async addChannel(channel) {
      await started;
      channels.push(channel);
    },
    deleteChannel(channel) {
      const index = channels.indexOf(channel);
      if (index >= 0) {
        channels.splice(index, 1);
      }
    },
    subscribe: (_type, callback) => callbacks.add(callback),
    unsubscribe: (_type, callback) => callbacks.delete(callback),
    addEventListener: (_type, listener) => reconnectListeners.add(listener),
    removeEventListener: (_type, listener) => reconnectListeners.delete(listener),
  };
  return {
    bus,
    channels,
    startWorker,
    send: (payload: unknown) => callbacks.forEach((callback) => void callback(payload)),
    reconnect: () => reconnectListeners.forEach((listener) => void listener()),
  };
}

const SOURCE = documentHints("account.move", 42);

test("a document has its own channel", () => {
  expect(SOURCE.channel).toBe("integration_monitor.document_account.move_42");
});

test("hints and restored connections are passed on until the end", async () => {
  const { bus, channels, startWorker, send, reconnect } = createBus();
  startWorker();
  const payloads: unknown[] = [];
  const stop = listenForHints(bus, SOURCE, (payload) => payloads.push(payload));
  await Promise.resolve();
  expect(channels).toEqual([SOURCE.channel]);
  send({ res_id: 42 });
  reconnect();
  stop();
  await Promise.resolve();
  await Promise.resolve();
  send({ res_id: 43 });
  reconnect();
  expect(payloads).toEqual([{ res_id: 42 }, null]);
  expect(channels).toEqual([]);
});

test("ending before the bus has started leaves no channel behind", async () => {
  const { bus, channels, startWorker } = createBus();
  const stop = listenForHints(bus, SOURCE, () => undefined);
  stop();
  startWorker();
  await new Promise((resolve) => setImmediate(resolve));
  expect(channels).toEqual([]);
});
