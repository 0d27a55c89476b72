/** The kept connections of one endpoint, bound to the settings they were opened with. */
import { Pool } from "undici";
import type { Endpoint } from "../domain/delivery.ts";
import { AddressGuard } from "./address_guard.ts";
import { buildGuardedOptions } from "./endpoint_tls.ts";
import type { ResolveHost } from "./host_lookup.ts";

export interface EndpointPool {
  readonly pool: Pool;
  readonly guard: AddressGuard;
  readonly path: string;
  /** Equal for settings that may share connections. */
  readonly settingsKey: string;
  /** The settings it was last asked for: the same object needs no second look. */
  endpoint: Endpoint;
}

/** How long an idle connection is kept for the next delivery. */
const keepAliveMs = 30_000;

/** An endpoint's URL that no request can go to. The message says what is wrong with it. */
export class EndpointUrlInvalid extends Error {
  override readonly name = "EndpointUrlInvalid";
  readonly code = "ERR_INVALID_URL";
}

/** Whether requests with these settings may go over the pool. */
export function isOpenFor(pool: EndpointPool, endpoint: Endpoint): boolean {
  if (pool.endpoint === endpoint) return true;
  if (pool.settingsKey !== buildSettingsKey(endpoint)) return false;
  pool.endpoint = endpoint;
  return true;
}

function buildSettingsKey(endpoint: Endpoint): string {
  return JSON.stringify([
    endpoint.url,
    endpoint.concurrency,
    endpoint.timeoutMs,
    [...endpoint.allowedAddresses],
    endpoint.tls,
  ]);
}

/** Throws EndpointUrlInvalid and EndpointTlsInvalid. Opens no connection yet. */
export function openPool(endpoint: Endpoint, resolve: ResolveHost): EndpointPool {
  const url = parseHttpUrl(endpoint.url);
  const trust = endpoint.tls.ca === undefined ? {} : { ca: endpoint.tls.ca };
  const guard = new AddressGuard(url, endpoint.allowedAddresses, resolve);
  const pool = new Pool(url.origin, {
    connections: endpoint.concurrency,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    ...buildGuardedOptions(endpoint, guard, trust),
  });
  const path = `${url.pathname}${url.search}`;
  return { pool, guard, path, settingsKey: buildSettingsKey(endpoint), endpoint };
}

function parseHttpUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new EndpointUrlInvalid(
      "the endpoint's address must be an absolute https:// URL. Example: https://api.example.com/hooks",
    );
  }
  return url;
}
