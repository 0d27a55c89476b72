/** A sidecar that reaches Odoo but not the broker keeps no endpoint from being served. */
import { expect, test, vi } from "vitest";
import { startCutProxy } from "./support/cut_proxy.ts";
import { requireVariable } from "./support/environment.ts";
import {
  arrange,
  closeLater,
  contactNames,
  countStates,
  deadline,
  startFleet,
  startReceiver,
  useFleet,
} from "./support/fleet.ts";
import { readSidecarEnvironment, startSidecar } from "./support/sidecar_process.ts";

useFleet();

/** A sidecar whose way to the broker a test can block. */
async function startBehindProxy(name: string) {
  const url = new URL(requireVariable("IM_TEST_AMQP_URL"));
  const proxy = await startCutProxy(url.hostname, Number(url.port));
  closeLater(() => proxy.close());
  url.hostname = "127.0.0.1";
  url.port = String(proxy.port);
  const sidecar = startSidecar({ ...readSidecarEnvironment(), WORKER_NAME: name, AMQP_URL: url.href });
  closeLater(async () => {
    // In order, so that it leaves its share.
    sidecar.process.kill("SIGTERM");
    await sidecar.exited;
  });
  await sidecar.untilLogged("sidecar.ready");
  return { sidecar, proxy };
}

test("endpoints with one slot are all served while one of two sidecars has lost the broker", async () => {
  const receiver = await startReceiver();
  const endpoints = [
    await arrange({ url: receiver.url, concurrency: 1 }),
    await arrange({ url: receiver.url, concurrency: 1 }),
  ];
  const deliver = async (countBefore: number) => {
    // Every contact is an event for each of the endpoints.
    await endpoints[0]?.createContacts(contactNames(5));
    await vi.waitUntil(async () => {
      const states = await Promise.all(endpoints.map(countStates));
      return states.every(({ delivered }) => delivered === countBefore + 5);
    }, deadline);
  };
  const [healthy] = await startFleet(1);
  const { sidecar, proxy } = await startBehindProxy("test-cut");
  const hasTwo = { worker_count: 2, is_settled: true };
  await healthy?.untilLogged("shares.changed", hasTwo);
  await deliver(0);
  proxy.refuse();
  proxy.cutAll();
  await deliver(5);
  expect(sidecar.hasLogged("shares.left")).toBe(true);
  const readStandings = () => sidecar.lines.filter((line) => line.event === "shares.changed");
  const before = readStandings().length;
  proxy.allow();
  await vi.waitUntil(
    () =>
      readStandings()
        .slice(before)
        .some((line) => line.is_settled === true),
    deadline,
  );
  await deliver(10);
}, 180_000);
