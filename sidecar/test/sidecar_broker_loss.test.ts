/** The broker loses what was on an endpoint's lanes, as after the loss of its disk. */
import { expect, test, vi } from "vitest";
import {
  admin,
  arrange,
  closeLater,
  contactNames,
  countStates,
  deadline,
  listLanes,
  startFleet,
  startReceiver,
  useFleet,
} from "./support/fleet.ts";
import { withDirectChannel } from "./support/real_broker.ts";

const queueTimeoutParameter = "integration_monitor.queue_timeout_s";

useFleet();

test("what the broker lost is found, shown, and sent once, under the same attempt number", async () => {
  const setTimeoutS = (value: string | false) =>
    admin.call("ir.config_parameter", "set_param", [queueTimeoutParameter, value]);
  closeLater(() => setTimeoutS(false));
  const receiver = await startReceiver(true);
  const endpoint = await arrange({ url: receiver.url, concurrency: 1 });
  const [sidecar] = await startFleet(1);
  await endpoint.createContacts(contactNames(10));
  await vi.waitUntil(async () => (await countStates(endpoint)).queued === 10, deadline);
  const lanes = await listLanes(endpoint);
  await withDirectChannel(async (channel) => {
    for (const lane of lanes) await channel.deleteQueue(lane);
  });
  // Until it has dropped what it held of them: a copy it still had would be sent, and not be lost.
  for (const queue of lanes) await sidecar?.untilLogged("broker.consumer_cancelled", { queue });
  receiver.release();
  await setTimeoutS("5");
  await vi.waitUntil(async () => (await countStates(endpoint)).delivered === 10, deadline);
  const rows = await admin.searchRead(
    "integration.delivery",
    [["endpoint_id", "=", endpoint.id]],
    ["attempt_count", "stranded_at"],
  );
  expect(rows.every((row) => row.attempt_count === 1)).toBe(true);
  const lostCount = rows.filter((row) => row.stranded_at !== false).length;
  expect(lostCount).toBeGreaterThan(0);
  expect(new Set(receiver.webhookIds).size).toBe(10);
  // The shape of get_overview().
  const { counts } = (await admin.call("integration.delivery", "get_overview", [])) as {
    counts: { lost_24h: number };
  };
  expect(counts.lost_24h).toBeGreaterThanOrEqual(lostCount);
}, 120_000);
