/** Opens one connection to a receiver's broker: to an address that was checked, with the endpoint's certificates. */
import net, { type Socket } from "node:net";
import tls from "node:tls";
import type { ChannelModel } from "amqplib";
import type { Endpoint } from "../../domain/delivery.ts";
import type { AddressGuard } from "../address_guard.ts";
import { buildTlsOptions, type TlsOptions } from "../endpoint_tls.ts";
import type { BrokerAddress } from "./broker_address.ts";
import { type Login, openWarily } from "./wary_connection.ts";

export interface ConnectionPlan {
  readonly address: BrokerAddress;
  readonly guard: AddressGuard;
  readonly login: Login;
  readonly tls: TlsOptions;
}

/** Throws EndpointTlsInvalid. */
export function planConnection(
  endpoint: Endpoint,
  address: BrokerAddress,
  guard: AddressGuard,
): ConnectionPlan {
  const trust = endpoint.tls.ca === undefined ? {} : { ca: endpoint.tls.ca };
  return {
    address,
    guard,
    login: { ...buildCredentials(endpoint.auth), vhost: address.vhost },
    tls: address.isEncrypted ? buildTlsOptions(endpoint.tls, trust) : {},
  };
}

/**
 * Throws AddressRefused, BrokerRefused, and what Node's network stack and amqplib report.
 *
 * @param life aborting it destroys the socket, in whatever state it is
 * @param watch called before the broker can say anything
 */
export async function openConnection(
  plan: ConnectionPlan,
  life: AbortSignal,
  watch: (model: ChannelModel) => void,
): Promise<ChannelModel> {
  plan.guard.checkLiteral();
  const socket = await openSocket(plan, life);
  try {
    return await openWarily(socket, plan.login, watch);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** SASL: PLAIN (RFC 4616), or EXTERNAL (RFC 4422 appendix A): the client certificate says who we are. */
function buildCredentials(auth: Endpoint["auth"]): Pick<Login, "mechanism" | "response"> {
  return auth.kind === "basic"
    ? { mechanism: "PLAIN", response: Buffer.from(`\0${auth.username}\0${auth.secret}`) }
    : { mechanism: "EXTERNAL", response: Buffer.alloc(0) };
}

function openSocket(
  { address, guard, tls: certificates }: ConnectionPlan,
  life: AbortSignal,
): Promise<Socket> {
  const { host, port } = address;
  const target = { host, port, lookup: guard.lookup, noDelay: true, signal: life };
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket: Socket = address.isEncrypted
    ? // An address has no name to ask for (RFC 6066 §3); then the certificate must hold the address.
      tls.connect({ ...target, ...certificates, ...(net.isIP(host) === 0 ? { servername: host } : {}) }, () =>
        resolve(socket),
      )
    : net.connect(target, () => resolve(socket));
  // Stays for good: an alert may come at any time, and an error nobody listens to would end the process. With
  // TLS 1.3 the refusal of our certificate comes after the connection stands and does not end the socket by itself.
  socket.on("error", (error) => {
    reject(error);
    socket.destroy(error);
  });
  return promise;
}
