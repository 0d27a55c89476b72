/** An endpoint's certificates as options of a TLS connection. */
import { createSecureContext } from "node:tls";
import { buildConnector } from "undici";
import type { Endpoint, EndpointTls } from "../domain/delivery.ts";
import type { AddressGuard } from "./address_guard.ts";

/** The stored certificates cannot be used. The message holds no part of them. */
export class EndpointTlsInvalid extends Error {
  override readonly name = "EndpointTlsInvalid";
  readonly code = "IM_CERTIFICATE_INVALID";
}

export interface TlsOptions {
  readonly ca?: string | string[];
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Throws EndpointTlsInvalid now rather than at each connection, where the error would look like the receiver's.
 * @param trust whom to trust: nothing for the public authorities
 */
export function buildTlsOptions(tls: EndpointTls, trust: Pick<TlsOptions, "ca">): TlsOptions {
  const client = tls.client === undefined ? {} : { cert: tls.client.certificate, key: tls.client.key };
  const options = { ...trust, ...client };
  try {
    createSecureContext(options);
  } catch {
    // OpenSSL's own text names a position in its parser, which helps nobody.
    throw new EndpointTlsInvalid(
      "IM_CERTIFICATE_INVALID: the endpoint's own authority, client certificate or client key cannot be read. Enter them again.",
    );
  }
  return options;
}

/**
 * undici's connector, telling the truth about alerts. With TLS 1.3 a server looks at our certificate after we think
 * the connection stands; its refusal then arrives as an `error` that does not end the socket, and undici would report
 * the end that follows ("other side closed") instead of the reason.
 */
function createConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error) {
        callback(error, null);
        return;
      }
      socket.once("error", (alert: Error) => socket.destroy(alert));
      callback(null, socket);
    });
}

/**
 * How every connection on behalf of an endpoint is made: to addresses that the guard has checked, with the
 * endpoint's certificates, bounded by one deadline that the caller keeps.
 *
 * @param trust authorities other than the usual ones
 */
export function buildGuardedOptions(endpoint: Endpoint, guard: AddressGuard, trust: Pick<TlsOptions, "ca">) {
  return {
    // HTTP/2 would put all requests on one connection: concurrency could not be bounded by connections.
    allowH2: false,
    // The caller's one deadline covers all phases; separate timers would add up.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: createConnector({
      timeout: endpoint.timeoutMs,
      lookup: guard.lookup,
      allowH2: false,
      ...buildTlsOptions(endpoint.tls, trust),
    }),
  };
}
