/** A real HTTP server on loopback that behaves as badly as a test wants. */
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Connections ever opened. */
  readonly connectionCount: number;
  /** Requests being answered now. */
  readonly openCount: number;
  [Symbol.asyncDispose](): Promise<void>;
}

export type Behaviour = (response: http.ServerResponse, requestNumber: number) => void;

/** @param behave called after the whole request was read; `requestNumber` counts from 1 */
export async function startReceiver(behave: Behaviour, tls?: https.ServerOptions): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  let connectionCount = 0;
  let openCount = 0;
  const listener: http.RequestListener = async (request, response) => {
    openCount += 1;
    response.on("close", () => {
      openCount -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const { method, url: path, headers } = request;
    requests.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
    behave(response, requests.length);
  };
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  server.on("connection", () => {
    connectionCount += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server's address is never a pipe name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}/hooks?tenant=1`,
    requests,
    get connectionCount() {
      return connectionCount;
    },
    get openCount() {
      return openCount;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
