/** A TCP server that says any bytes whatever it is asked: the receivers that no HTTP library would make. */
import net, { type AddressInfo } from "node:net";
import { cleanUpLater } from "../doubles/sender_stage.ts";

export interface RawServer {
  readonly url: string;
  /** Bytes that clients let it write before they closed the connection. */
  readonly writtenBytes: number;
}

/** @param answer called when a request has begun to arrive; may write for as long as the socket takes it */
export async function startRawServer(answer: (socket: net.Socket) => void): Promise<RawServer> {
  let writtenBytes = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    // Clients cut such connections, in the middle of our writing.
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      writtenBytes += socket.bytesWritten;
    });
    socket.once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUpLater(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // A listening TCP server's address is never a pipe name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    get writtenBytes() {
      return [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, writtenBytes);
    },
  };
}

/** Writes `part` again and again, as fast as the other side takes it, until it closes. */
export function flood(socket: net.Socket, part: string | Buffer): void {
  const go = () => {
    while (!socket.destroyed && socket.write(part)) {
      // Written at once; the next write may have to wait.
    }
    if (!socket.destroyed) socket.once("drain", go);
  };
  go();
}
