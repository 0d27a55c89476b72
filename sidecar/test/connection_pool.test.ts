import { expect, it } from "vitest";
import type { BrokerConnection } from "../src/adapters/rabbitmq/connection.ts";
import { ConnectionPool, channelsPerConnection } from "../src/adapters/rabbitmq/connection_pool.ts";

/** A pool whose connections write down what is done to them. */
function createPool() {
  const done: string[] = [];
  const openNumbers = new Set<number>();
  const pool = new ConnectionPool((number) => {
    const connection = {
      start: () => done.push(`start ${number}`),
      close: async () => done.push(`close ${number}`),
      get model() {
        return openNumbers.has(number) ? {} : undefined;
      },
    };
    // The pool uses no more of a connection than this.
    return connection as unknown as BrokerConnection;
  });
  return { done, openNumbers, pool };
}

it("opens one connection at the start, and more when the channels of one are used up", () => {
  const { done, pool } = createPool();
  pool.start();
  const first = Array.from({ length: channelsPerConnection }, () => pool.take());
  expect(new Set(first).size).toBe(1);
  expect(done).toEqual(["start 1"]);
  expect(pool.take()).not.toBe(first[0]);
  expect(done).toEqual(["start 1", "start 2"]);
});

it("gives the place of a consumer that is gone to the next", () => {
  const { done, pool } = createPool();
  const taken = Array.from({ length: channelsPerConnection }, () => pool.take());
  const [first] = taken;
  if (first) pool.release(first);
  expect(pool.take()).toBe(first);
  expect(done).toEqual(["start 1"]);
});

it("is open as soon as one connection is", () => {
  const { openNumbers, pool } = createPool();
  pool.start();
  expect(pool.isOpen).toBe(false);
  openNumbers.add(1);
  expect(pool.isOpen).toBe(true);
});

it("closes all its connections", async () => {
  const { done, pool } = createPool();
  for (let count = 0; count <= channelsPerConnection; count += 1) pool.take();
  await pool.close();
  expect(done.slice(2)).toEqual(["close 1", "close 2"]);
});
