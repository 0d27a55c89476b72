import { createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import {
  cleanUpAfterEach,
  cleanUpLater,
  endpointAt,
  openSender,
  post,
  start,
} from "./doubles/sender_stage.ts";

cleanUpAfterEach();

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

  it("ends a body that drips, although each drop is in time; the status stands", async () => {
    const receiver = await start((response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(timer));
    });
    const answer = await post(openSender(), endpointAt(receiver.url, { timeoutMs: 200 }));
    expect(answer).toMatchObject({
      kind: "answered",
      statusCode: 200,
      excerpt: expect.stringMatching(/^\.+$/),
    });
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
    cleanUpLater(async () => silent.close());
    const sender = openSender();
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
