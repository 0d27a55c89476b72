/** Opens one connection to a receiver's broker: guarded address, own TLS material, bounded frames, heartbeats. */
import type { Socket } from "node:net";
import { type ChannelModel, connect, credentials } from "amqplib";
import type { BrokerReply } from "../../domain/broker_reply.ts";
import type { Endpoint } from "../../domain/delivery.ts";
import type { AddressGuard } from "../address_guard.ts";
import { buildTlsOptions } from "../endpoint_tls.ts";
import type { BrokerAddress } from "./broker_address.ts";

/** The broker said no in the words of AMQP, so it is no fault of the network. */
export class BrokerRefused extends Error {
  override readonly name = "BrokerRefused";
  readonly reply: BrokerReply;

  constructor(reply: BrokerReply) {
    super(`the broker replied ${reply.code}`);
    this.reply = reply;
  }
}

const heartbeatS = 10;
/** RabbitMQ's own default; larger frames are refused, whatever the broker announces. */
const frameBytesMax = 131_072;
/** A broker sends confirms, and at most our own messages back. */
const unaskedBytesMax = 1_048_576;

export interface ConnectionPlan {
  readonly address: BrokerAddress;
  readonly guard: AddressGuard;
  readonly auth: Endpoint["auth"];
  readonly tls: Readonly<Record<string, unknown>>;
}

/** Throws EndpointTlsInvalid. */
export function planConnection(
  endpoint: Endpoint,
  address: BrokerAddress,
  guard: AddressGuard,
): ConnectionPlan {
  const trust = endpoint.tls.ca === undefined ? {} : { ca: endpoint.tls.ca };
  const tls = address.isEncrypted ? { ...buildTlsOptions(endpoint.tls, trust) } : {};
  return { address, guard, auth: endpoint.auth, tls };
}

/**
 * Throws AddressRefused, BrokerRefused, and what Node's network stack throws.
 *
 * @param life aborting it destroys the socket, in whatever state it is
 */
export async function openConnection(plan: ConnectionPlan, life: AbortController): Promise<ChannelModel> {
  const { address, guard, auth } = plan;
  guard.checkLiteral();
  // Handed to net.connect or tls.connect as they are; amqplib's types do not know all of Node's options.
  const socketOptions = {
    noDelay: true,
    signal: life.signal,
    lookup: guard.lookup,
    credentials:
      auth.kind === "basic" ? credentials.plain(auth.username, auth.secret) : credentials.external(),
    clientProperties: { connection_name: "integration-monitor" },
    ...plan.tls,
  };
  const target = {
    protocol: address.isEncrypted ? "amqps" : "amqp",
    hostname: address.host,
    port: address.port,
    vhost: encodeURIComponent(address.vhost),
    heartbeat: heartbeatS,
    frameMax: frameBytesMax,
    maxFrameSize: frameBytesMax,
  };
  try {
    const model = await connect(target, socketOptions);
    limitIncoming(model, life);
    return model;
  } catch (error) {
    throw readHandshakeRefusal(error, auth) ?? error;
  }
}

/** The broker's words in an error that amqplib made of a close frame; undefined for all other errors. */
export function readCloseReply(error: unknown): BrokerReply | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, code, text = ""] = /: (\d+) \([^)]*\) with message "([\s\S]*)"$/.exec(error.message) ?? [];
  return code === undefined ? undefined : { code: Number(code), text };
}

function readHandshakeRefusal(error: unknown, auth: Endpoint["auth"]): BrokerRefused | undefined {
  if (!(error instanceof Error)) return undefined;
  const reply = readCloseReply(error);
  if (reply !== undefined) return new BrokerRefused(reply);
  if (error.message.startsWith("SASL mechanism")) {
    const wanted = auth.kind === "basic" ? "PLAIN" : "EXTERNAL";
    return new BrokerRefused({ code: "connection.start", text: `it does not offer ${wanted}` });
  }
  // amqplib drops the words of a close that answers connection.open; only the virtual host is refused there.
  if (/^Expected ConnectionOpenOk; got <ConnectionClose /.test(error.message)) {
    return new BrokerRefused({ code: "connection.open", text: "" });
  }
  return undefined;
}

/**
 * amqplib collects a returned message until its announced size is reached. A hostile broker could announce any size
 * and fill our memory until the deadline, so the connection ends when it sends far more than it was sent.
 */
function limitIncoming(model: ChannelModel, life: AbortController): void {
  // The socket is there but not in amqplib's types; without it there is no limit, and a test notices.
  const { stream } = model.connection as unknown as { readonly stream?: Socket };
  stream?.on("readable", () => {
    if (stream.bytesRead > unaskedBytesMax + 2 * stream.bytesWritten) {
      life.abort(new Error("the broker sent far more than it was sent"));
    }
  });
}
