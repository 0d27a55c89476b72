/** What every sender promises; dispatch relies on no more than this. */
import { describe, expect, it } from "vitest";
import { OAuthSender } from "../src/adapters/oauth_sender.ts";
import { TokenCache } from "../src/adapters/token_cache.ts";
import type { Endpoint } from "../src/domain/delivery.ts";
import type { SenderPort } from "../src/ports/sender.ts";
import { buildEndpoint } from "./builders.ts";
import { buildClient, startAuthorizationServer } from "./doubles/authorization_server.ts";
import { SenderDouble } from "./doubles/sender_double.ts";
import { cleanUpAfterEach, endpointAt, openSender, start } from "./doubles/sender_stage.ts";

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

const subjects: readonly (readonly [name: string, create: CreateSubject])[] = [
  ["HttpSender", createReal],
  ["OAuthSender", createOAuth],
  ["SenderDouble", createDouble],
];

cleanUpAfterEach();

describe.each(subjects)("%s", (_, create) => {
  const post = ({ sender, endpoint }: Subject, signal: AbortSignal) =>
    sender.post(endpoint, { "webhook-id": "a" }, Buffer.from("{}"), signal);

  it("says what the endpoint answered", async () => {
    const subject = await create("accepts");
    expect(await post(subject, new AbortController().signal)).toEqual({
      kind: "answered",
      statusCode: 200,
      retryAfter: undefined,
      excerpt: "ok",
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
    expect(await post(subject, new AbortController().signal)).toMatchObject({ statusCode: 200 });
  });
});
