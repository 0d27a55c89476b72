/**
 * `/healthz`, `/readyz` and `/metrics` for whoever runs the service. No secrets, no payloads, no actions: reading is
 * all that is allowed, and no answer tells what the service is made of.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler } from "express";

/** Whoever has not said what he wants by then is cut off; scrapers and probes need milliseconds. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 15_000;

export interface DatabaseReadiness {
  readonly odoo: boolean;
  readonly broker: boolean;
}

export interface OperatorServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Of each database, by its name. */
  readReadiness(): Readonly<Record<string, DatabaseReadiness>>;
  renderMetrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** How long a client may take for its headers. */
  readonly headersTimeoutMs?: number;
}

export interface OperatorServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects when the address cannot be listened on. */
export async function startOperatorServer(options: OperatorServerOptions): Promise<OperatorServer> {
  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  app.get("/readyz", (_request, response) => {
    const { statusCode, answer } = describeReadiness(options.readReadiness());
    response.status(statusCode).json(answer);
  });
  app.get("/metrics", async (_request, response) => {
    const { contentType, text } = await options.renderMetrics();
    response.set("content-type", contentType).send(text);
  });
  app.all(["/healthz", "/readyz", "/metrics"], (_request, response) => {
    response.status(405).set("allow", "GET, HEAD").json({ error: "method_not_allowed" });
  });
  app.use((_request, response) => {
    response.status(404).json({ error: "not_found" });
  });
  app.use(answerFault);

  const limit = options.headersTimeoutMs ?? headersTimeoutMs;
  const server = http.createServer(
    {
      headersTimeout: limit,
      requestTimeout: Math.max(limit, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(limit, 1000),
    },
    app,
  );
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(options.port, options.host, () => listening.resolve());
  await listening.promise;
  return {
    // A TCP server's address is an object; only pipes have a string.
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Ready as long as one database is served: else the outage of one would take the service of all others away, and
 * restarts would help none of them.
 */
function describeReadiness(databases: Readonly<Record<string, DatabaseReadiness>>) {
  const missing = Object.entries(databases).flatMap(([name, parts]) => [
    ...(parts.odoo ? [] : [`${name}: odoo`]),
    ...(parts.broker ? [] : [`${name}: broker`]),
  ]);
  const isReady = Object.values(databases).some((parts) => parts.odoo && parts.broker);
  const status = missing.length === 0 ? "ready" : isReady ? "degraded" : "not_ready";
  return { statusCode: isReady ? 200 : 503, answer: { status, missing, databases } };
}

/** Express would answer with the error's stack. A request that cannot be read is the client's fault. */
const answerFault: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  const isClients = typeof status === "number" && status >= 400 && status < 500;
  response.status(isClients ? status : 503).json({ error: isClients ? "bad_request" : "unavailable" });
};
