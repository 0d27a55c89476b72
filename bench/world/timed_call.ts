import type { BenchWorld } from "./bench_world.ts";

/** How long a public method takes for whoever called it, in ms, HTTP included. */
export async function timeCall(
  world: BenchWorld,
  model: string,
  method: string,
  args: readonly unknown[],
  kwargs: object = {},
): Promise<number> {
  const startedAt = performance.now();
  await world.call(model, method, args, kwargs);
  return performance.now() - startedAt;
}
