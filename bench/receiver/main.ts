// The receiver of the benchmark: answers each hook as it is told to and notes when what arrived. It does as little as
// possible, because it shares the machine with what is measured.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Behaviour, HookLog, promptly } from "./hook_log.ts";

const hooks = new Map<string, HookLog>();

const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now();
  const [, area = "", name = ""] = (request.url ?? "").split("/");
  if (area === "hooks") takeDelivery(hookOf(name), at, request, response);
  else void answerControl(area, name, request, response);
});
// The sidecar keeps connections for 30 s; a receiver that closes earlier would add retries of its own.
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env.HTTP_PORT), process.env.HTTP_HOST, 4_096);
process.on("SIGTERM", () => process.exit(0));

function takeDelivery(hook: HookLog, at: number, request: IncomingMessage, response: ServerResponse): void {
  hook.note(String(request.headers["webhook-id"] ?? ""), at);
  const { latencyMs, isHanging, status } = hook.behaviour;
  request.resume();
  if (isHanging) return;
  request.once("end", () => {
    const answer = () => {
      // A sender that went away meanwhile has heard nothing.
      if (status < 300 && !response.destroyed) hook.acceptedCount += 1;
      response.writeHead(status).end();
    };
    if (latencyMs > 0) setTimeout(answer, latencyMs);
    else answer();
  });
}

async function answerControl(
  area: string,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = control(area, name, request.method === "PUT" ? await readJson(request) : undefined);
  response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(found ?? {}));
}

function control(area: string, name: string, body: unknown): unknown {
  switch (area) {
    case "healthz":
      return {};
    case "counts":
      return Object.fromEntries([...hooks].map(([hook, log]) => [hook, log.count]));
    case "arrivals":
      return hookOf(name).arrivals;
    case "behaviour":
      hookOf(name).behaviour = { ...promptly, ...(body as Partial<Behaviour>) };
      return {};
    case "forget":
      hooks.clear();
      return {};
    default:
      return undefined;
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
}

function hookOf(name: string): HookLog {
  const known = hooks.get(name) ?? new HookLog();
  hooks.set(name, known);
  return known;
}
