/** Reads `Retry-After` (RFC 9110 §10.2.3): whole seconds or an HTTP-date in one of its three forms. */

const deltaSeconds = /^\d{1,15}$/;
/** `Sun, 06 Nov 1994 08:49:37 GMT`: the form senders use today. */
const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** `Sunday, 06-Nov-94 08:49:37 GMT`: obsolete. */
const rfc850Date = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
/** `Sun Nov  6 08:49:37 1994`: obsolete, and in GMT although it does not say so. */
const asctimeDate = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** The wait the endpoint asks for, in seconds; undefined when it asks for none, for the past, or unreadably. */
export function readRetryAfterS(header: string | undefined, now: Date): number | undefined {
  const value = header?.trim() ?? "";
  if (deltaSeconds.test(value)) {
    return Number(value);
  }
  const waitMs = parseHttpDate(value) - now.getTime();
  return waitMs > 0 ? waitMs / 1000 : undefined;
}

/** Milliseconds since 1970, or NaN. */
function parseHttpDate(value: string): number {
  if (imfFixdate.test(value) || rfc850Date.test(value)) {
    return Date.parse(value);
  }
  return asctimeDate.test(value) ? Date.parse(`${value} GMT`) : Number.NaN;
}
