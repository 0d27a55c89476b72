/** A broker on loopback that opens connections as AMQP 0-9-1 wants it and then says whatever a test wants. */
import net, { type AddressInfo } from "node:net";
import { writeMethod, writeShort } from "../support/amqp_frames.ts";
import { cleanUpLater } from "./sender_stage.ts";

/** Client methods by class and method number. */
const greetingEnd = "10.11";
const tuneEnd = "10.40";
const channelOpen = "20.10";
const confirmSelect = "85.10";
const publish = "60.40";
const connectionClose = "10.50";

export interface LyingBroker {
  readonly url: string;
  readonly openCount: number;
}

export interface Lies {
  /** Sent instead of connection.start. */
  readonly greeting?: Buffer;
  /** Sent right behind connection.open-ok, in the same packet. */
  readonly behindOpen?: Buffer;
  /** Sent instead of channel.open-ok. */
  readonly channelAnswer?: Buffer;
  /** Sent instead of confirm.select-ok. */
  readonly confirmAnswer?: Buffer;
  /** After this method of the client nothing more is said. */
  readonly silentAfter?: "connect" | "greeting" | "tune" | "channel";
  /** The answer to a published message. */
  readonly onPublish?: (say: (bytes: Buffer) => void, socket: net.Socket) => void;
}

export async function startLyingBroker(lies: Lies): Promise<LyingBroker> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    serve(socket, lies);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUpLater(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    // A TCP server's address is an object.
    url: `amqp://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get openCount() {
      return sockets.size;
    },
  };
}

function serve(socket: net.Socket, lies: Lies): void {
  const say = (bytes: Buffer) => socket.writable && socket.write(bytes);
  const answers: Readonly<Record<string, () => void>> = {
    [greetingEnd]: () => lies.silentAfter !== "greeting" && say(tune),
    [tuneEnd]: () =>
      lies.silentAfter !== "tune" && say(Buffer.concat([openOk, lies.behindOpen ?? Buffer.alloc(0)])),
    [channelOpen]: () => lies.silentAfter !== "channel" && say(lies.channelAnswer ?? channelOk),
    [confirmSelect]: () => say(lies.confirmAnswer ?? confirmOk),
    [connectionClose]: () => say(writeMethod(0, 10, 51, Buffer.alloc(0))),
    [publish]: () => lies.onPublish?.(say, socket),
  };
  let rest: Buffer = Buffer.alloc(0);
  let isGreeted = false;
  socket.on("data", (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    if (!isGreeted) {
      if (rest.length < 8) return;
      rest = rest.subarray(8);
      isGreeted = true;
      if (lies.silentAfter !== "connect") say(lies.greeting ?? start);
    }
    for (let frame = readFrame(rest); frame !== undefined; frame = readFrame(rest)) {
      rest = rest.subarray(frame.size);
      if (frame.method !== undefined) answers[frame.method]?.();
    }
  });
}

const start = writeMethod(
  0,
  10,
  10,
  Buffer.concat([Buffer.from([0, 9, 0, 0, 0, 0]), writeLong("PLAIN"), writeLong("en_US")]),
);
/** 8 channels, frames of 128 KiB, no heartbeat asked for. */
const tune = writeMethod(0, 10, 30, Buffer.concat([writeShort(8), Buffer.from([0, 2, 0, 0]), writeShort(0)]));

const openOk = writeMethod(0, 10, 41, Buffer.from([0]));
const channelOk = writeMethod(1, 20, 11, Buffer.alloc(4));
const confirmOk = writeMethod(1, 85, 11, Buffer.alloc(0));

function readFrame(
  bytes: Buffer,
): { readonly size: number; readonly method: string | undefined } | undefined {
  if (bytes.length < 8) return undefined;
  const size = bytes.readUInt32BE(3) + 8;
  if (bytes.length < size) return undefined;
  const isMethod = bytes.readUInt8(0) === 1;
  return { size, method: isMethod ? `${bytes.readUInt16BE(7)}.${bytes.readUInt16BE(9)}` : undefined };
}

function writeLong(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}
