/** Says what went wrong on the wire, in one line; for certificates in words that tell what to do. */
import { classifyNetworkError, findNetworkCode } from "./network_error.ts";

const unknownAuthority =
  "its certificate comes from an authority we do not know, or it does not send all of its certificates; if the authority is the receiver's own, enter it on the endpoint";
const clientRefused =
  "it refuses our client certificate; check with the receiver which one it expects, and that ours has not expired";

/** Codes as Node names OpenSSL's verification results and alerts. */
const tlsWords: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "self-signed certificate; if it is the right one, enter it on the endpoint as own certificate authority",
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; check the clocks on both sides",
  CERT_REVOKED: "its certificate has been revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name than the one in the address",
  HOSTNAME_MISMATCH: "its certificate is for another name than the one in the address",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    "it asks for a client certificate; enter certificate and key on the endpoint",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: clientRefused,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: clientRefused,
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: clientRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: clientRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: clientRefused,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: clientRefused,
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: clientRefused,
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: clientRefused,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    "it broke off the TLS handshake; it may ask for a client certificate, or speak other TLS versions",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "it speaks other TLS versions than ours (1.2 and 1.3)",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS at this address and port",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS at this address and port",
};

export function describeNetworkError(error: unknown): string {
  const code = findNetworkCode(error);
  if (code !== undefined && classifyNetworkError(error) === "tls") {
    const words = tlsWords[code];
    return words === undefined ? findMessage(error) : `${words} (${code})`;
  }
  return findMessage(error);
}

/** One line. An AggregateError of several connection attempts has no message of its own. */
function findMessage(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") {
    return findMessage(error.errors[0]);
  }
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? "";
}
