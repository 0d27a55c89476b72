import type { Measure, Row } from "../measure.ts";
import { formatMb } from "../table.ts";
import type { BenchWorld } from "../world/bench_world.ts";
import { readMemory } from "../world/memory.ts";

const few = 20;
const many = 2_000;
const settleMs = 10_000;
const startDeadlineMs = 300_000;

interface Cost {
  readonly sidecarMb: number;
  readonly brokerMb: number;
  /** From the start of the sidecar until every endpoint has had a delivery. */
  readonly firstRoundS: number;
}

/** What an endpoint costs by being there. Each gets one delivery, so that nothing is left out that work needs. */
export const manyEndpoints: Measure = {
  name: "many_endpoints",
  title: "2,000 endpoints",
  async run(world) {
    await world.needFreshOdoo();
    const small = await measureCost(world, few, 0);
    const large = await measureCost(world, many - few, few);
    const row = (what: string, of: (cost: Cost) => string): Row => ({
      measure: `${manyEndpoints.title}: ${what}`,
      figure: of(large),
      reference: `${few} endpoints: ${of(small)}`,
      bar: "–",
      verdict: "shown",
    });
    return [
      row("memory of the sidecar", ({ sidecarMb }) => formatMb(sidecarMb)),
      row("memory of RabbitMQ", ({ brokerMb }) => formatMb(brokerMb)),
      row("one delivery to each, from the start", ({ firstRoundS }) => `${firstRoundS.toFixed(1)} s`),
    ];
  },
};

async function measureCost(world: BenchWorld, addedCount: number, known: number): Promise<Cost> {
  const hooks = Array.from({ length: addedCount }, (_, index) => `many_${known + index}`);
  await world.createEndpoints(hooks);
  const ids = (await world.sql("SELECT id FROM integration_endpoint WHERE active")).split("\n").map(Number);
  await world.fillPending({ count: ids.length, endpointIds: ids });
  const startedAt = performance.now();
  const { pid, name } = await world.startSidecar();
  await world.until("one delivery to each endpoint", startDeadlineMs, async () => {
    const open = await world.sql("SELECT count(*) FROM integration_delivery WHERE state <> 'delivered'");
    return open === "0";
  });
  const firstRoundS = (performance.now() - startedAt) / 1000;
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const { residentMb: sidecarMb } = readMemory(pid);
  const { residentMb: brokerMb } = readMemory(world.pidOf("rabbitmq"));
  await world.stop(name);
  return { sidecarMb, brokerMb, firstRoundS };
}
