import net from "node:net";

/** A TCP proxy whose connections a test can cut, freeze, or speak into. */
export interface CutProxy {
  readonly port: number;
  /** Connections opened so far. */
  readonly openedCount: number;
  readonly openCount: number;
  cutAll(): void;
  /** Refuses new connections too, until `allow`. */
  refuse(): void;
  allow(): void;
  /** Keeps connections but passes nothing on, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Sends bytes to the client as if the server had sent them. */
  sayToClients(bytes: Buffer): void;
  close(): Promise<void>;
}

export async function startCutProxy(targetHost: string, targetPort: number): Promise<CutProxy> {
  const pairs = new Set<{ client: net.Socket; server: net.Socket }>();
  let openedCount = 0;
  let isRefusing = false;
  let isFrozen = false;
  const listener = net.createServer((client) => {
    if (isRefusing) {
      client.destroy();
      return;
    }
    openedCount += 1;
    const server = net.connect(targetPort, targetHost);
    const pair = { client, server };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
    client.pipe(server);
    server.pipe(client);
    if (isFrozen) hold(pair);
  });
  const hold = ({ client, server }: { client: net.Socket; server: net.Socket }) => {
    client.unpipe(server).pause();
    server.unpipe(client).pause();
  };
  await new Promise<void>((resolve) => {
    listener.listen(0, "127.0.0.1", resolve);
  });
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("expected a TCP address");

  const cutAll = () => {
    for (const { client, server } of [...pairs]) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    port: address.port,
    cutAll,
    get openedCount() {
      return openedCount;
    },
    get openCount() {
      return pairs.size;
    },
    refuse() {
      isRefusing = true;
    },
    allow() {
      isRefusing = false;
    },
    freeze() {
      isFrozen = true;
      for (const pair of pairs) hold(pair);
    },
    thaw() {
      isFrozen = false;
      for (const { client, server } of pairs) {
        client.pipe(server);
        server.pipe(client);
      }
    },
    sayToClients(bytes) {
      for (const { client } of pairs) client.write(bytes);
    },
    async close() {
      cutAll();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
