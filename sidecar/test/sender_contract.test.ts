/** What every sender promises; dispatch relies on no more than this. */
import { describe, expect, it } from "vitest";
import { AmqpSender } from "../src/adapters/amqp/amqp_sender.ts";
import { KindSender } from "../src/adapters/kind_sender.ts";
import { OAuthSender } from "../src/adapters/oauth_sender.ts";
import { TokenCache } from "../src/adapters/token_cache.ts";
import type { Answer, Endpoint } from "../src/domain/delivery.ts";
import { decide } from "../src/domain/retry_policy.ts";
import type { SenderPort } from "../src/ports/sender.ts";
import { buildEndpoint } from "./builders.ts";
import { confirmed } from "./doubles/amqp_stage.ts";
import { buildClient, startAuthorizationServer } from "./doubles/authorization_server.ts";
import { accepted, SenderDouble } from "./doubles/sender_double.ts";
import { cleanUpAfterEach, cleanUpLater, endpointAt, openSender, start } from "./doubles/sender_stage.ts";
import { eventBody, startReceiverBroker } from "./support/receiver_broker.ts";

interface Subject {
  readonly sender: SenderPort;
  readonly endpoint: Endpoint;
}

/** The endpoint accepts what it gets, or never answers. */
type CreateSubject = (endpoint: "accepts" | "is silent") => Promise<Subject>;

const createDouble: CreateSubject = async (behaviour) => {
  const sender = new SenderDouble();
  if (behaviour === "accepts") {
    sender.answerAll();
  }
  return { sender, endpoint: buildEndpoint() };
};

const createReal: CreateSubject = async (behaviour) => {
  const receiver = await start((response) => {
    if (behaviour === "accepts") {
      response.end("ok");
    }
  });
  return { sender: openSender(), endpoint: endpointAt(receiver.url) };
};

/** The double's endpoint wants no token; this one does. */
const createOAuth: CreateSubject = async (behaviour) => {
  const server = await startAuthorizationServer();
  const receiver = await start((response) => {
    if (behaviour === "accepts") {
      response.end("ok");
    }
  });
  const auth = buildClient({ tokenUrl: server.tokenUrl });
  return {
    sender: new OAuthSender(openSender(), new TokenCache()),
    endpoint: endpointAt(receiver.url, { auth }),
  };
};

/** By both kinds through one sender, as a session has it. */
const createKind =
  (kind: "http" | "amqp"): CreateSubject =>
  async (behaviour) => {
    const sender = new KindSender({ http: openSender(), amqp: new AmqpSender() });
    cleanUpLater(() => sender.close());
    if (kind === "http") {
      return { sender, endpoint: (await createReal(behaviour)).endpoint };
    }
    const broker = await startReceiverBroker();
    if (behaviour === "is silent") {
      broker.proxy.freeze();
    }
    return { sender, endpoint: broker.endpoint() };
  };

const subjects: readonly (readonly [name: string, create: CreateSubject, acceptance: Answer])[] = [
  ["HttpSender", createReal, accepted],
  ["OAuthSender", createOAuth, accepted],
  ["KindSender to HTTP", createKind("http"), accepted],
  ["KindSender to a broker", createKind("amqp"), confirmed],
  ["SenderDouble", createDouble, accepted],
];

cleanUpAfterEach();

describe.each(subjects)("%s", (_, create, acceptance) => {
  const post = ({ sender, endpoint }: Subject, signal: AbortSignal) =>
    sender.post(endpoint, { "webhook-id": "a" }, eventBody, signal);

  it("says what the endpoint answered", async () => {
    const subject = await create("accepts");
    expect(await post(subject, new AbortController().signal)).toEqual(acceptance);
  });

  it("leads to one state for what was accepted, whatever the kind", async () => {
    const subject = await create("accepts");
    const answer = await post(subject, new AbortController().signal);
    expect(decide(answer, { scheduleStep: 1 }, subject.endpoint, new Date(), 0)).toEqual({
      kind: "delivered",
    });
  });

  it("leads to another try, for the same reason, when no answer came in time", async () => {
    const subject = await create("is silent");
    const endpoint = { ...subject.endpoint, timeoutMs: 2000 };
    if (subject.sender instanceof SenderDouble) {
      subject.sender.answerAll({ kind: "broken", failureClass: "timeout", error: "too late" });
    }
    const answer = await post({ ...subject, endpoint }, new AbortController().signal);
    expect(decide(answer, { scheduleStep: 1 }, endpoint, new Date(), 0)).toMatchObject({
      kind: "retry",
      failureClass: "timeout",
    });
  });

  it("ends a request broken, and does not throw, when the caller stops it", async () => {
    const stop = new AbortController();
    const answer = post(await create("is silent"), stop.signal);
    stop.abort();
    expect(await answer).toMatchObject({ kind: "broken", failureClass: "reset" });
  });

  it("ends a request broken when the caller had stopped before", async () => {
    const subject = await create("accepts");
    expect(await post(subject, AbortSignal.abort())).toMatchObject({ kind: "broken" });
  });

  it("serves an endpoint again whose connections were closed", async () => {
    const subject = await create("accepts");
    await post(subject, new AbortController().signal);
    await subject.sender.keepOnly(new Set());
    expect(await post(subject, new AbortController().signal)).toEqual(acceptance);
  });
});
