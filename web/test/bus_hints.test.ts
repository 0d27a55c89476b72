import type { BusService } from "odoo-services";
import { expect, test } from "vitest";
import { documentHints, isAboutDocument, listenForHints } from "../src/bus_hints.ts";

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
      if (!channels.includes(channel)) {
        channels.push(channel);
      }
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

test("a channel stays open until the last of its listeners has ended", async () => {
  const { bus, channels, startWorker } = createBus();
  startWorker();
  const stopForm = listenForHints(bus, SOURCE, () => undefined);
  const stopDialog = listenForHints(bus, SOURCE, () => undefined);
  stopDialog();
  await new Promise((resolve) => setImmediate(resolve));
  expect(channels).toEqual([SOURCE.channel]);
  stopForm();
  await new Promise((resolve) => setImmediate(resolve));
  expect(channels).toEqual([]);
});

test("a hint is about a document by its model and number, or about many of the model", () => {
  const isMine = (payload: unknown) => isAboutDocument(payload, "account.move", 42);
  expect(isMine({ res_model: "account.move", res_id: 42 })).toBe(true);
  expect(isMine({ res_model: "account.move", res_id: 0 })).toBe(true);
  expect(isMine({ res_model: "account.move", res_id: 43 })).toBe(false);
  expect(isMine({ res_model: "sale.order", res_id: 42 })).toBe(false);
  expect(isMine(null)).toBe(false);
});
