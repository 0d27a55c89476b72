/** `/healthz`, `/readyz` and `/metrics` for whoever runs the service. No secrets, no payloads, no actions. */
import type { AddressInfo } from "node:net";
import express from "express";

export interface Readiness {
  /** Each part that must work for deliveries to flow, and whether it does. */
  readonly parts: Readonly<Record<string, boolean>>;
}

export interface OperatorServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readReadiness(): Readiness;
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
    const { parts } = options.readReadiness();
    const missing = Object.keys(parts).filter((name) => parts[name] !== true);
    response
      .status(missing.length === 0 ? 200 : 503)
      .json({ status: missing.length === 0 ? "ready" : "not_ready", missing, ...parts });
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
