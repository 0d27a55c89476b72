import { createServer, type Server } from "node:http";
import { messageOf } from "./failure.ts";
import { loopback } from "./ports.ts";
import type { Supervisor } from "./supervisor.ts";

const restartDeadlineMs = 120_000;

/**
 * Loopback HTTP door that stops and starts single services, for tests of outages.
 * POST /services/<name>/stop|start answers 200 when it is done.
 */
export function serveControl(port: number, supervisor: Supervisor, signal: AbortSignal): Promise<Server> {
  const server = createServer((request, response) => {
    const [, name = "", verb] = /^\/services\/(\w+)\/(stop|start)$/.exec(request.url ?? "") ?? [];
    const service = supervisor.find(name);
    if (request.method !== "POST" || !service) {
      response.writeHead(404).end(`POST /services/<${supervisor.names.join("|")}>/<stop|start>\n`);
      return;
    }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(restartDeadlineMs)]);
    const work = verb === "stop" ? service.stop() : service.start(limit);
    work.then(
      () => response.end(`${name} ${verb}: done\n`),
      (error: unknown) => response.writeHead(500).end(`${messageOf(error)}\n`),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, loopback, () => resolve(server));
  });
}
