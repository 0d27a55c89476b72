/**
 * Keeps deliveries away from addresses that are not public (server-side request forgery): loopback, private
 * networks, cloud metadata, tunnels that lead there.
 *
 * Two checks, because a literal address in a URL never reaches `lookup`, and a name may resolve to anything:
 * the literal after WHATWG parsing (which turns 127.1 and 0x7f.1 into 127.0.0.1), and every DNS answer. The
 * connection goes to an address that was checked; there is no second look-up that could answer differently.
 */
import type { LookupFunction } from "node:net";
import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { type ResolvedAddress, type ResolveHost, resolveBySystem } from "./host_lookup.ts";

export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
  readonly code = "IM_ADDRESS_REFUSED";
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

const globalIpv6: Range = ipaddr.parseCIDR("2000::/3");

/** What one endpoint may connect to. */
export class AddressGuard {
  readonly #url: URL;
  readonly #isHostAllowed: boolean;
  readonly #allowedRanges: readonly Range[];
  readonly #resolve: ResolveHost;
  /** Why the address in the URL itself must not be used. It never changes, so it is looked at once. */
  readonly #literalRefusal: string | undefined;

  /** @param allowedAddresses IP addresses, CIDR ranges and host names; an unreadable entry allows nothing */
  constructor(url: URL, allowedAddresses: readonly string[], resolve: ResolveHost = resolveBySystem) {
    const entries = allowedAddresses.map((entry) => entry.trim()).filter((entry) => entry !== "");
    const hostname = normalizeHostname(url.hostname);
    this.#url = url;
    this.#allowedRanges = entries.map(parseRange).filter((range) => range !== undefined);
    this.#isHostAllowed = entries.some((entry) => normalizeHostname(entry) === hostname);
    this.#resolve = resolve;
    const literal = url.hostname.replace(/^\[|\]$/g, "");
    this.#literalRefusal = ipaddr.isValid(literal) ? this.#findRefusal(literal) : undefined;
  }

  /** Throws AddressRefused when the URL names a refused address itself; names are checked by `lookup`. */
  checkLiteral(): void {
    if (this.#literalRefusal !== undefined) throw new AddressRefused(this.#literalRefusal);
  }

  /** For `net.connect`: answers only addresses that may be used, in the resolver's order. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolveAllowed(hostname).then(
      (addresses) => {
        if (options.all) {
          callback(
            null,
            addresses.map(({ address, family }) => ({ address, family })),
          );
          return;
        }
        const [first] = addresses;
        callback(null, first?.address ?? "", first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };

  /** At least one address, or a rejection. */
  async #resolveAllowed(hostname: string): Promise<readonly ResolvedAddress[]> {
    const answers = await this.#resolve(hostname);
    const checked = answers.map((answer) => ({ answer, refusal: this.#findRefusal(answer.address) }));
    const allowed = checked.filter(({ refusal }) => refusal === undefined).map(({ answer }) => answer);
    if (allowed.length === 0) {
      throw new AddressRefused(
        checked[0]?.refusal ?? `IM_ADDRESS_REFUSED: ${hostname} has no address. Check the host name.`,
      );
    }
    return allowed;
  }

  /** Why the address must not be used; undefined when it may. */
  #findRefusal(text: string): string | undefined {
    if (this.#isHostAllowed) {
      return undefined;
    }
    // A scope ("fe80::1%eth0") is no part of the address.
    const address = ipaddr.process(text.split("%", 1)[0] ?? text);
    if (this.#allowedRanges.some((range) => isInRange(address, range))) {
      return undefined;
    }
    if (this.#url.protocol !== "https:") {
      return `IM_ADDRESS_REFUSED: ${text} would be reached without encryption. Use an address with TLS (https://, amqps://), or add the address to the allowed addresses of the endpoint.`;
    }
    const range = findRange(address);
    if (range !== "unicast") {
      return `IM_ADDRESS_REFUSED: ${text} is not a public address (${range}). Use a public address, or add it to the allowed addresses of the endpoint.`;
    }
    return undefined;
  }
}

/**
 * "unicast" for public addresses only. ipaddr.js also calls so what IANA has not assigned, such as `::10.0.0.1`, the
 * deprecated IPv4-compatible form: only 2000::/3 is global unicast (RFC 4291 §2.4, IANA registry).
 */
function findRange(address: Address): string {
  const range = address.range();
  const isUnassigned = range === "unicast" && address.kind() === "ipv6" && !isInRange(address, globalIpv6);
  return isUnassigned ? "unassigned" : range;
}

function isInRange(address: Address, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

/** A single address is a range of one. Mapped IPv4 (`::ffff:10.0.0.1`) counts as the IPv4 address it is. */
function parseRange(entry: string): Range | undefined {
  const bare = entry.replace(/^\[|\]$/g, "");
  if (ipaddr.isValidCIDR(bare)) {
    return ipaddr.parseCIDR(bare);
  }
  if (ipaddr.isValid(bare)) {
    const address = ipaddr.process(bare);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  }
  return undefined;
}

function normalizeHostname(hostname: string): string {
  return domainToASCII(hostname).toLowerCase().replace(/\.$/, "");
}
