/**
 * Looks up host names so that a dead name server of one endpoint stops no other. `getaddrinfo` cannot be cancelled and
 * holds a thread of Node's pool until it gives up (10 s and more); libuv gives name look-ups half of the threads.
 * So a name is asked for once at a time, however many connections wait for it, and `main.ts` makes the pool larger.
 */
import { lookup } from "node:dns/promises";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Resolves a host name to all its addresses; rejects as `dns.lookup` does. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const resolveBySystem = shareLookups((hostname) => lookup(hostname, { all: true }));

/** Callers that ask for a name while it is being looked up get the same answer. Nothing is kept after that. */
export function shareLookups(resolve: ResolveHost): ResolveHost {
  const underWay = new Map<string, ReturnType<ResolveHost>>();
  return (hostname) => {
    const known = underWay.get(hostname);
    if (known) {
      return known;
    }
    const asked = resolve(hostname).finally(() => underWay.delete(hostname));
    underWay.set(hostname, asked);
    return asked;
  };
}
