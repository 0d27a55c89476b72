import { describe, expect, it, vi } from "vitest";
import {
  cleanUpAfterEach,
  endpointAt,
  openSender,
  post,
  requestBody,
  requestHeaders,
  start,
} from "./doubles/sender_stage.ts";

cleanUpAfterEach();

describe("HttpSender", () => {
  it("posts exactly the bytes and headers it was given, to path and query", async () => {
    const receiver = await start((response) => response.end("thanks"));
    const answer = await post(openSender(), endpointAt(receiver.url));
    expect(answer).toEqual({ kind: "answered", statusCode: 200, retryAfter: undefined, excerpt: "thanks" });
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]).toMatchObject({
      method: "POST",
      path: "/hooks?tenant=1",
      body: requestBody.toString(),
      headers: { ...requestHeaders, "content-length": String(requestBody.length) },
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
