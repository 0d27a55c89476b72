import { createServer } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HttpSender } from "../src/adapters/http_sender.ts";
import type { Answer, Endpoint } from "../src/domain/delivery.ts";
import { buildEndpoint } from "./builders.ts";
import { type Behaviour, type Receiver, startReceiver } from "./doubles/receiver_double.ts";
import { createSelfSignedCertificate } from "./doubles/self_signed_certificate.ts";

const body = Buffer.from('{"specversion":"1.0","data":{"name":"Müller"}}');
const headers = { "content-type": "application/cloudevents+json; charset=utf-8", "webhook-id": "a" };
const never = new AbortController().signal;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
});

async function start(behave: Behaviour, tls?: Parameters<typeof startReceiver>[1]): Promise<Receiver> {
  const receiver = await startReceiver(behave, tls);
  cleanUps.push(() => receiver[Symbol.asyncDispose]());
  return receiver;
}

function openSender(): HttpSender {
  const sender = new HttpSender();
  cleanUps.push(() => sender.close());
  return sender;
}

function endpointAt(url: string, overrides: Partial<Endpoint> = {}): Endpoint {
  return buildEndpoint({ url, allowedAddresses: ["127.0.0.1"], timeoutMs: 10_000, ...overrides });
}

function post(sender: HttpSender, endpoint: Endpoint, signal = never): Promise<Answer> {
  return sender.post(endpoint, headers, body, signal);
}

describe("HttpSender", () => {
  it("posts exactly the bytes and headers it was given, to path and query", async () => {
    const receiver = await start((response) => response.end("thanks"));
    const answer = await post(openSender(), endpointAt(receiver.url));
    expect(answer).toEqual({ kind: "answered", statusCode: 200, retryAfter: undefined, excerpt: "thanks" });
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]).toMatchObject({
      method: "POST",
      path: "/hooks?tenant=1",
      body: body.toString(),
      headers: { ...headers, "content-length": String(body.length) },
    });
  });

  it("hands on status, Retry-After and the start of the body", async () => {
    const receiver = await start((response) =>
      response.writeHead(503, { "retry-after": "120" }).end("x".repeat(5_000)),
    );
    const answer = await post(openSender(), endpointAt(receiver.url));
    expect(answer).toMatchObject({ kind: "answered", statusCode: 503, retryAfter: "120" });
    expect(answer.kind === "answered" && answer.excerpt.length).toBe(2_000);
  });

  it("does not follow a redirect", async () => {
    const receiver = await start((response) => response.writeHead(307, { location: "/elsewhere" }).end());
    const answer = await post(openSender(), endpointAt(receiver.url));
    expect(answer).toMatchObject({ kind: "answered", statusCode: 307 });
    expect(receiver.requests).toHaveLength(1);
  });

  it("shows nothing of an answer it cannot read", async () => {
    const receiver = await start((response) =>
      response.writeHead(400, { "content-encoding": "gzip" }).end("\x1f\x8b"),
    );
    expect(await post(openSender(), endpointAt(receiver.url))).toMatchObject({
      statusCode: 400,
      excerpt: "",
    });
  });
});

describe("the deadline", () => {
  it("ends a wait for headers", async () => {
    const receiver = await start(() => {});
    const answer = await post(openSender(), endpointAt(receiver.url, { timeoutMs: 100 }));
    expect(answer).toEqual({
      kind: "broken",
      failureClass: "timeout",
      error: "no complete answer within 0.1 s",
    });
  });

  it("ends a body that drips, although each drop is in time", async () => {
    const receiver = await start((response) => {
      const timer = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(timer));
    });
    const answer = await post(openSender(), endpointAt(receiver.url, { timeoutMs: 200 }));
    expect(answer).toMatchObject({ kind: "broken", failureClass: "timeout" });
    await vi.waitUntil(() => receiver.openCount === 0);
  });

  it("ends a handshake that is never answered", async () => {
    const silent = createServer(() => {});
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, "127.0.0.1", () => {
        const address = silent.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
    cleanUps.push(async () => silent.close());
    const sender = new HttpSender();
    const answer = await post(sender, endpointAt(`https://127.0.0.1:${port}/`, { timeoutMs: 100 }));
    expect(answer).toMatchObject({ kind: "broken", failureClass: "timeout" });
  });

  it("is joined by the caller's wish to stop", async () => {
    const receiver = await start(() => {});
    const stop = new AbortController();
    const answer = post(openSender(), endpointAt(receiver.url), stop.signal);
    await vi.waitUntil(() => receiver.requests.length === 1);
    stop.abort();
    expect(await answer).toMatchObject({ kind: "broken", failureClass: "reset" });
  });

  it("sends nothing when the caller had stopped before", async () => {
    const receiver = await start((response) => response.end());
    const answer = await post(openSender(), endpointAt(receiver.url), AbortSignal.abort());
    expect(answer).toMatchObject({ kind: "broken", failureClass: "reset" });
    expect(receiver.requests).toHaveLength(0);
  });
});

describe("an answer of 100 MB", () => {
  it("is cut, and its connection closed", async () => {
    let sentBytes = 0;
    const chunk = Buffer.alloc(64 * 1024, "a");
    const receiver = await start((response) => {
      const pump = () => {
        while (sentBytes < 100 * 1024 * 1024 && !response.destroyed) {
          sentBytes += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", pump);
            return;
          }
        }
      };
      pump();
    });
    const answer = await post(openSender(), endpointAt(receiver.url));
    expect(answer).toMatchObject({ kind: "answered", statusCode: 200 });
    await vi.waitUntil(() => receiver.openCount === 0);
    expect(sentBytes).toBeLessThan(50 * 1024 * 1024);
  });
});

describe("network faults", () => {
  it("a refused connection is `connect`", async () => {
    const receiver = await startReceiver(() => {});
    await receiver[Symbol.asyncDispose]();
    const answer = await post(openSender(), endpointAt(receiver.url));
    expect(answer).toMatchObject({ failureClass: "connect", error: expect.stringMatching(/ECONNREFUSED/) });
  });

  it("a connection cut before the answer is `reset`, and not tried again by the sender", async () => {
    const receiver = await start((response) => response.destroy());
    expect(await post(openSender(), endpointAt(receiver.url))).toMatchObject({ failureClass: "reset" });
    expect(receiver.requests).toHaveLength(1);
  });

  it("a connection cut within the body is `reset`", async () => {
    const receiver = await start((response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half", () => response.destroy());
    });
    expect(await post(openSender(), endpointAt(receiver.url))).toMatchObject({ failureClass: "reset" });
  });

  it("a self-signed certificate is `tls`, and nothing is sent", async () => {
    const receiver = await start((response) => response.end(), createSelfSignedCertificate());
    expect(await post(openSender(), endpointAt(receiver.url))).toMatchObject({
      failureClass: "tls",
      error: expect.stringMatching(/^self-signed certificate/),
    });
    expect(receiver.requests).toHaveLength(0);
  });

  it("plain text where TLS is expected is `tls`", async () => {
    const receiver = await start((response) => response.end());
    const url = receiver.url.replace("http:", "https:");
    expect(await post(openSender(), endpointAt(url))).toMatchObject({ failureClass: "tls" });
  });

  it("an unknown name is `dns`", async () => {
    const unknown = () =>
      Promise.reject(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
    const sender = new HttpSender(unknown);
    cleanUps.push(() => sender.close());
    const answer = await post(sender, endpointAt("https://nowhere.example.com/"));
    expect(answer).toMatchObject({ failureClass: "dns" });
  });

  it.each(["odoo:8069", "", "ftp://receiver.example.com/", "/hooks"])(
    "the URL %j is `configuration`",
    async (url) => {
      expect(await post(openSender(), endpointAt(url))).toMatchObject({ failureClass: "configuration" });
    },
  );
});
