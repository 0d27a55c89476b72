/**
 * One contender of the dispatch measure, a process of its own: it waits idle until it is told to work off so many
 * messages, and answers how long that took.
 */
import { createServer } from "node:http";

/** What all contenders share, so that only what they do differs. */
export const shared = {
  /** Connections to the receiver. */
  concurrency: 32,
  /** Messages taken and not yet acknowledged. */
  prefetch: 200,
  /** Outcomes per message on the reports queue, and how long one waits for company. */
  batchMax: 50,
  batchWaitMs: 10,
} as const;

export interface ContenderSettings {
  readonly amqpUrl: string;
  /** Queue names of this contender end with it. */
  readonly scope: string;
  readonly hookUrl: string;
}

export interface RoundCost {
  readonly ms: number;
  /** Of the contender's process, all threads. */
  readonly cpuMs: number;
}

export function readSettings(): ContenderSettings {
  return {
    amqpUrl: process.env.AMQP_URL ?? "",
    scope: process.env.BENCH_SCOPE ?? "",
    hookUrl: process.env.BENCH_HOOK_URL ?? "",
  };
}

/** @param workOff resolves when the last of `count` messages is acknowledged */
export function serveContender(workOff: (count: number) => Promise<void>): void {
  const server = createServer((request, response) => {
    const count = Number(/^\/round\/(\d+)$/.exec(request.url ?? "")?.[1] ?? 0);
    void measure(count).then(
      (cost) => response.end(JSON.stringify(cost)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(Number(process.env.HTTP_PORT), process.env.HTTP_HOST);
  process.on("SIGTERM", () => process.exit(0));

  async function measure(count: number): Promise<RoundCost> {
    if (count === 0) return { ms: 0, cpuMs: 0 };
    const startedAt = performance.now();
    const before = process.cpuUsage();
    await workOff(count);
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
  }
}

/** Tells a contender to work off so many messages. */
export async function readRound(url: string, count: number): Promise<RoundCost> {
  const response = await fetch(`${url}/round/${count}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`a contender failed: ${text}`);
  return JSON.parse(text) as RoundCost;
}
