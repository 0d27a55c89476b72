import { judge, type Measure } from "../measure.ts";
import { formatMb } from "../table.ts";
import { readMemory } from "../world/memory.ts";

const endpointCount = 20;
const pendingCount = 100_000;
/** Windows full, and every answer takes its time. */
const slowMs = 20_000;
const latencyMs = 1_000;
/** Then as fast as it goes. */
const fastMs = 30_000;
const idleMs = 10_000;
const barMb = 200;

/** A backlog waits in PostgreSQL and on the lanes, so the sidecar must not grow with it. */
export const sidecarMemory: Measure = {
  name: "sidecar_memory",
  title: "sidecar memory with 100,000 pending",
  async run(world) {
    await world.needFreshOdoo();
    const hooks = Array.from({ length: endpointCount }, (_, index) => `backlog_${index}`);
    const endpointIds = await world.createEndpoints(hooks);
    const idle = await world.startSidecar();
    await pause(idleMs);
    const { residentMb: idleMb } = readMemory(idle.pid);
    await world.stop(idle.name);

    await world.fillPending({ count: pendingCount, endpointIds });
    for (const hook of hooks) await world.receiver.behave(hook, { latencyMs });
    const { pid, name } = await world.startSidecar();
    await pause(slowMs);
    const { residentMb: slowMb } = readMemory(pid);
    await world.receiver.forget();
    await pause(fastMs);
    const { residentMb: fastMb, peakMb } = readMemory(pid);
    await world.stop(name);
    await world.receiver.forget();
    return [
      {
        measure: sidecarMemory.title,
        figure: `${formatMb(peakMb)} at most (${formatMb(slowMb)} slow endpoints, ${formatMb(fastMb)} fast)`,
        reference: `idle ${formatMb(idleMb)}`,
        bar: `< ${formatMb(barMb)}`,
        verdict: judge(peakMb < barMb),
      },
    ];
  },
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
