/**
 * What an answer or a network fault means. One table: the judgement, and next to it the words a person reads.
 * Sources: RFC 9110 §15, RFC 6585, CloudEvents webhook spec §2.2, Standard Webhooks "delivery".
 */
import type { FailureClass } from "./delivery.ts";

/** transient: the same request may succeed later. permanent: a person must change something first. */
export type Fate = "transient" | "permanent";

export interface Judgement {
  readonly failureClass: FailureClass;
  readonly fate: Fate;
  /** Begins a sentence about the endpoint, without full stop: "The endpoint refused the data". */
  readonly reason: string;
  /** One sentence that says what a person does about it. */
  readonly whatToDo: string;
}

export interface StatusJudgement extends Judgement {
  /** First and last status code of the row. */
  readonly from: number;
  readonly to: number;
}

const waitForRetry = "Nothing to do now: it is tried again automatically.";

/** First match wins; the last row takes what no other row names. 2xx never gets here. */
// biome-ignore format: one row per line reads as the table it is
export const statusTable: readonly StatusJudgement[] = [
  row(300, 399, "redirect", "permanent", "The endpoint has moved to another address", "Enter the new address on the endpoint, then retry. Redirects are never followed, because the data would go where nobody approved."),
  row(400, 400, "contract", "permanent", "The endpoint refused the data", "Correct the document or agree the data format with the receiver, then retry."),
  row(401, 401, "auth", "permanent", "The endpoint refused our credentials", "Check the credentials on the endpoint, then retry."),
  row(403, 403, "auth", "permanent", "The endpoint does not allow us in", "Ask the receiver to grant access, then retry."),
  row(404, 404, "endpoint_missing", "permanent", "The endpoint does not exist at this address", "Check the address on the endpoint, then retry."),
  row(405, 406, "contract", "permanent", "The endpoint does not take this kind of request", "Check with the receiver that the address accepts POST with JSON, then retry."),
  row(407, 407, "auth", "permanent", "A proxy in front of the endpoint asks for credentials", "Ask the network administrator to let the service through, then retry."),
  row(408, 408, "timeout", "transient", "The endpoint waited too long for the data", waitForRetry),
  row(409, 409, "conflict", "permanent", "The endpoint reports a conflict with what it already has", "Compare the document with the record in the other system, then retry or cancel."),
  row(410, 410, "gone", "permanent", "The endpoint has been retired and asks for no more deliveries", "Ask the receiver for a new address, then activate the endpoint again."),
  row(413, 413, "too_large", "permanent", "The endpoint says the data is too large", "Send fewer fields or ask the receiver to accept larger requests, then retry."),
  row(415, 415, "contract", "permanent", "The endpoint does not understand the data format", "Check with the receiver that it accepts application/cloudevents+json, then retry."),
  row(422, 422, "contract", "permanent", "The endpoint refused the data", "Correct the document or agree the data format with the receiver, then retry."),
  row(425, 425, "unavailable", "transient", "The endpoint is not ready yet", waitForRetry),
  row(429, 429, "throttled", "transient", "The endpoint asks us to slow down", waitForRetry),
  row(400, 499, "rejected", "permanent", "The endpoint rejected the request", "Ask the receiver what this answer means, then retry or cancel."),
  row(501, 501, "server_error", "permanent", "The endpoint does not support this request", "Ask the receiver whether the address is right, then retry."),
  row(502, 504, "unavailable", "transient", "The endpoint is not available right now", waitForRetry),
  row(505, 505, "server_error", "permanent", "The endpoint does not support HTTP/1.1", "Ask the receiver to accept HTTP/1.1, then retry."),
  row(500, 599, "server_error", "transient", "The endpoint had an internal error", waitForRetry),
  row(0, 999, "rejected", "permanent", "The endpoint sent an answer that HTTP does not define", "Ask the receiver what this answer means, then retry or cancel."),
];

type Words = Omit<Judgement, "failureClass">;

/** For tries that ended without a complete answer, and for classes known before anything is sent. */
// biome-ignore format: one row per line reads as the table it is
export const faultTable: Readonly<Record<FailureClass, Words>> = {
  dns: words("transient", "The endpoint's name could not be found in DNS", "Check the host name on the endpoint if this lasts."),
  connect: words("transient", "The endpoint could not be reached", "Check with the receiver whether its system is running if this lasts."),
  timeout: words("transient", "The endpoint did not answer in time", "It may have received the data. It is tried again automatically."),
  reset: words("transient", "The endpoint broke the connection", "It may have received the data. It is tried again automatically."),
  tls: words("transient", "No secure connection to the endpoint was possible", "Ask the receiver to renew or correct its certificate."),
  address_refused: words("permanent", "The endpoint's address is not allowed, so nothing was sent", "If the address is right, an administrator adds it to the allowed addresses of the endpoint, then retry."),
  configuration: words("permanent", "The endpoint's settings cannot be used, so nothing was sent", "Correct the settings of the endpoint, then retry."),
  payload: words("permanent", "The data cannot be sent as it is", "Correct the event type's fields, then retry."),
  mapping: words("permanent", "The mapping of the subscription could not be applied, so nothing was sent", "Correct the mapping in the subscription, then retry."),
  poison: words("permanent", "The delivery could not be read", "Report this to whoever runs the service."),
  redirect: wordsOfStatus(302),
  contract: wordsOfStatus(422),
  auth: words("permanent", "The authorization server gave us no access, so nothing was sent", "Check token address, client id, client secret and scope on the endpoint, then retry."),
  endpoint_missing: wordsOfStatus(404),
  conflict: wordsOfStatus(409),
  gone: wordsOfStatus(410),
  too_large: wordsOfStatus(413),
  throttled: wordsOfStatus(429),
  server_error: wordsOfStatus(500),
  unavailable: words("transient", "No access could be asked for, so nothing was sent", waitForRetry),
  rejected: wordsOfStatus(418),
};

/** Judges any status code but 2xx. */
export function classifyStatus(statusCode: number): Judgement {
  const found = statusTable.find((entry) => entry.from <= statusCode && statusCode <= entry.to);
  if (!found) {
    throw new RangeError(`a status code lies between 0 and 999, got ${statusCode}`);
  }
  return found;
}

/** Judges a try that brought no complete answer. */
export function classifyFault(failureClass: FailureClass): Judgement {
  return { failureClass, ...faultTable[failureClass] };
}

function row(
  from: number,
  to: number,
  failureClass: FailureClass,
  fate: Fate,
  reason: string,
  whatToDo: string,
): StatusJudgement {
  return { from, to, failureClass, fate, reason, whatToDo };
}

function words(fate: Fate, reason: string, whatToDo: string): Words {
  return { fate, reason, whatToDo };
}

/** Classes that only an answer can bring borrow its words, so that no class is without any. */
function wordsOfStatus(statusCode: number): Words {
  const { fate, reason, whatToDo } = classifyStatus(statusCode);
  return { fate, reason, whatToDo };
}
