/** Reads the address of a receiver's broker: `amqps://host[:port]/vhost`, as the RabbitMQ URI specification has it. */
import { EndpointUrlInvalid } from "../http_sender_pool.ts";

export interface BrokerAddress {
  /** The same host as an https:// or http:// URL: the form in which addresses are checked. */
  readonly guarded: URL;
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
  readonly vhost: string;
}

const defaultPorts = { "amqps:": 5671, "amqp:": 5672 };

/** Throws EndpointUrlInvalid. */
export function parseBrokerUrl(text: string): BrokerAddress {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "amqps:" && url.protocol !== "amqp:")) throw refuse();
  // Not repeated: what stands before the @ is a secret.
  if (url.username !== "" || url.password !== "") {
    throw new EndpointUrlInvalid("the endpoint's address must not hold a user name or password");
  }
  const isEncrypted = url.protocol === "amqps:";
  // To WHATWG only http(s) hosts are addresses; read like one, 127.1 and 0x7f.1 become what they are.
  const guarded = URL.parse(`${isEncrypted ? "https" : "http"}://${url.host}`);
  if (!guarded || guarded.hostname === "" || url.search !== "" || url.hash !== "") throw refuse();
  return {
    guarded,
    host: guarded.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? defaultPorts[url.protocol] : Number(url.port),
    isEncrypted,
    vhost: readVhost(url.pathname),
  };
}

/** No path, and a lone slash, mean the virtual host that brokers come with, `/`. */
function readVhost(pathname: string): string {
  const encoded = pathname.slice(1);
  if (encoded === "") return "/";
  if (encoded.includes("/")) throw refuse();
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw refuse();
  }
}

function refuse(): EndpointUrlInvalid {
  return new EndpointUrlInvalid(
    "the endpoint's address must be amqps://host[:port]/vhost, with %2F for a slash in the virtual host. Example: amqps://broker.example.com/orders",
  );
}
