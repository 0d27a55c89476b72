/** `/healthz`, `/readyz` and `/metrics` for whoever runs the service. No secrets, no payloads, no actions. */
import type { AddressInfo } from "node:net";
import express from "express";

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

  const listening = Promise.withResolvers<void>();
  const server = app.listen(options.port, options.host, (error?: Error) => {
    if (error) listening.reject(error);
    else listening.resolve();
  });
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
