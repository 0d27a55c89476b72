/**
 * amqplib's connection for a broker we do not trust. `amqplib.connect` hands a connection out when it is open, which is
 * too late: what a broker sends right behind `open-ok` is acted upon before anybody listens, and an `error` nobody
 * listens to ends the process. It also drops the broker's reason for refusing a virtual host. So the connection is made
 * here, from amqplib's own classes, which its package does not export: they are loaded by path. The version is pinned,
 * and the tests with lying brokers notice when this no longer holds.
 */
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import type { ChannelModel } from "amqplib";
import type { BrokerReply } from "../../domain/broker_reply.ts";

/** The broker said no in the words of AMQP, so it is no fault of the network. */
export class BrokerRefused extends Error {
  override readonly name = "BrokerRefused";
  readonly reply: BrokerReply;

  constructor(reply: BrokerReply) {
    super(`the broker replied ${reply.code}`);
    this.reply = reply;
  }
}

interface Frame {
  readonly id?: number;
  readonly fields?: { readonly replyCode?: number; readonly replyText?: string };
}
type FrameTaker = (error: Error | null, frame: Frame | null) => void;

/** What we use of amqplib's inside. */
interface RawConnection extends EventEmitter {
  open(fields: object, done: (error: Error | null) => void): void;
  /** Takes one frame while the connection opens. */
  step(take: FrameTaker): void;
}

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve("amqplib")), "lib");
// Their shapes are those of amqplib 2.3.1.
const { Connection } = require(join(folder, "connection.js")) as {
  Connection: new (socket: Socket) => RawConnection;
};
const { ChannelModel: Model } = require(join(folder, "channel_model.js")) as {
  ChannelModel: new (connection: RawConnection) => ChannelModel;
};

/** connection.close: class 10, method 50. */
const closeMethod = 10 * 65_536 + 50;
const heartbeatS = 10;
/** RabbitMQ's own default; larger frames are refused, whatever the broker announces. */
const frameBytesMax = 131_072;
/** A broker sends confirms, and at most our own messages back. */
const unaskedBytesMax = 1_048_576;

class WaryConnection extends Connection {
  override step(take: FrameTaker): void {
    super.step((error, frame) => {
      if (error === null && frame?.id === closeMethod) {
        const { replyCode = 0, replyText = "" } = frame.fields ?? {};
        take(new BrokerRefused({ code: replyCode, text: replyText }), null);
      } else {
        take(error, frame);
      }
    });
  }
}

export interface Login {
  readonly mechanism: "PLAIN" | "EXTERNAL";
  readonly response: Buffer;
  readonly vhost: string;
}

/**
 * Speaks with the broker until the connection is open. Rejects with BrokerRefused, or what amqplib and the socket report.
 *
 * @param watch called before anything is said, so that no event of the connection goes unheard
 */
export function openWarily(
  socket: Socket,
  login: Login,
  watch: (model: ChannelModel) => void,
): Promise<ChannelModel> {
  const connection = new WaryConnection(socket);
  const model = new Model(connection);
  watch(model);
  limitIncoming(socket);
  const { promise, resolve, reject } = Promise.withResolvers<ChannelModel>();
  connection.open(
    {
      clientProperties: {
        product: "integration-monitor",
        capabilities: {
          publisher_confirms: true,
          "basic.nack": true,
          "connection.blocked": true,
          authentication_failure_close: true,
        },
      },
      mechanism: login.mechanism,
      response: login.response,
      locale: "en_US",
      channelMax: 0,
      frameMax: frameBytesMax,
      maxFrameSize: frameBytesMax,
      heartbeat: heartbeatS,
      virtualHost: login.vhost,
      capabilities: "",
      insist: 0,
    },
    (error) => (error === null ? resolve(model) : reject(readRefusal(error, login))),
  );
  return promise;
}

/** The broker's words in an error that amqplib made of a close frame; undefined for all other errors. */
export function readCloseReply(error: unknown): BrokerReply | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, code, text = ""] = /: (\d+) \([^)]*\) with message "([\s\S]*)"$/.exec(error.message) ?? [];
  return code === undefined ? undefined : { code: Number(code), text };
}

function readRefusal(error: Error, login: Login): Error {
  return error.message.startsWith("SASL mechanism")
    ? new BrokerRefused({ code: "connection.start", text: `it does not offer ${login.mechanism}` })
    : error;
}

/**
 * amqplib collects a returned message until its announced size is reached. A hostile broker could announce any size
 * and fill our memory until the deadline, so the connection ends when it sends far more than it was sent.
 */
function limitIncoming(socket: Socket): void {
  socket.on("readable", () => {
    if (socket.bytesRead > unaskedBytesMax + 2 * socket.bytesWritten) {
      socket.destroy(new Error("the broker sent far more than it was sent"));
    }
  });
}
