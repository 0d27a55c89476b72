import { describe, expect, it, vi } from "vitest";
import { cleanUpAfterEach, endpointAt, openSender, post, start } from "./doubles/sender_stage.ts";

cleanUpAfterEach();

describe("connections of an endpoint", () => {
  it("are kept: many requests in turn use one", async () => {
    const receiver = await start((response) => response.end("ok"));
    const sender = openSender();
    const endpoint = endpointAt(receiver.url, { concurrency: 1 });
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await post(sender, endpoint)).toMatchObject({ statusCode: 200 });
    }
    expect(receiver.connectionCount).toBe(1);
  });

  it("never exceed its concurrency", async () => {
    const held: (() => void)[] = [];
    const receiver = await start((response) => held.push(() => response.end()));
    const sender = openSender();
    const endpoint = endpointAt(receiver.url, { concurrency: 2 });
    const answers = Promise.all(Array.from({ length: 6 }, () => post(sender, endpoint)));
    let openMax = 0;
    for (let released = 0; released < 6; released += 1) {
      await vi.waitUntil(() => held.length > 0);
      openMax = Math.max(openMax, receiver.openCount);
      held.shift()?.();
    }
    expect((await answers).map((answer) => answer.kind)).toEqual(Array(6).fill("answered"));
    expect(openMax).toBeLessThanOrEqual(2);
    expect(receiver.connectionCount).toBeLessThanOrEqual(2);
  });

  it("are opened anew when its URL changes, and requests under way still finish", async () => {
    const held: (() => void)[] = [];
    const old = await start((response) => held.push(() => response.end("old")));
    const moved = await start((response) => response.end("new"));
    const sender = openSender();
    const slow = post(sender, endpointAt(old.url));
    await vi.waitUntil(() => held.length === 1);
    expect(await post(sender, endpointAt(moved.url))).toMatchObject({ excerpt: "new" });
    held[0]?.();
    expect(await slow).toMatchObject({ excerpt: "old" });
  });

  it("are opened anew when an address is no longer allowed", async () => {
    const receiver = await start((response) => response.end());
    const sender = openSender();
    expect(await post(sender, endpointAt(receiver.url))).toMatchObject({ statusCode: 200 });
    expect(await post(sender, endpointAt(receiver.url, { allowedAddresses: [] }))).toMatchObject({
      failureClass: "address_refused",
    });
    expect(receiver.requests).toHaveLength(1);
  });

  it("are closed when the endpoint is no longer served", async () => {
    const receiver = await start((response) => response.end());
    const sender = openSender();
    const endpoint = endpointAt(receiver.url, { concurrency: 1 });
    await post(sender, endpoint);
    await sender.keepOnly(new Set([8]));
    await post(sender, endpoint);
    expect(receiver.connectionCount).toBe(2);
    await sender.keepOnly(new Set([7]));
    await post(sender, endpoint);
    expect(receiver.connectionCount).toBe(2);
  });

  it("that the receiver closes while idle cost no attempt: the request goes once more", async () => {
    const receiver = await start((response, requestNumber) => {
      if (requestNumber === 2) {
        response.socket?.end();
      } else {
        response.end("ok");
      }
    });
    const sender = openSender();
    const endpoint = endpointAt(receiver.url, { concurrency: 1 });
    await post(sender, endpoint);
    expect(await post(sender, endpoint)).toMatchObject({ statusCode: 200 });
    expect(receiver.requests).toHaveLength(3);
  });

  it("that break while the receiver works are not taken for idle ones: nothing is sent twice", async () => {
    const receiver = await start((response, requestNumber) => {
      if (requestNumber === 1) {
        response.end("ok");
      } else {
        setTimeout(() => response.destroy(), 1100);
      }
    });
    const sender = openSender();
    const endpoint = endpointAt(receiver.url, { concurrency: 1 });
    await post(sender, endpoint);
    expect(await post(sender, endpoint)).toMatchObject({ failureClass: "reset" });
    expect(receiver.requests).toHaveLength(2);
  });
});

describe("address checks", () => {
  it("refuse a literal before anything is sent", async () => {
    const receiver = await start((response) => response.end());
    const answer = await post(openSender(), endpointAt(receiver.url, { allowedAddresses: [] }));
    expect(answer).toMatchObject({
      kind: "broken",
      failureClass: "address_refused",
      error: expect.stringMatching(/^IM_ADDRESS_REFUSED: 127\.0\.0\.1 /),
    });
    expect(receiver.connectionCount).toBe(0);
  });

  it("refuse a name that leads to loopback", async () => {
    const receiver = await start((response) => response.end());
    const sender = openSender(() => Promise.resolve([{ address: "127.0.0.1", family: 4 }]));
    const url = receiver.url.replace("http://127.0.0.1", "https://innocent.example.com");
    const answer = await post(sender, endpointAt(url, { allowedAddresses: [] }));
    expect(answer).toMatchObject({ kind: "broken", failureClass: "address_refused" });
    expect(receiver.connectionCount).toBe(0);
  });

  it("connect to the very address that was checked", async () => {
    const receiver = await start((response) => response.end("ok"));
    const sender = openSender((hostname) =>
      Promise.resolve(hostname === "receiver.example.com" ? [{ address: "127.0.0.1", family: 4 }] : []),
    );
    const url = receiver.url.replace("127.0.0.1", "receiver.example.com");
    const answer = await post(sender, endpointAt(url, { allowedAddresses: ["receiver.example.com"] }));
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(receiver.requests[0]?.headers.host).toMatch(/^receiver\.example\.com:\d+$/);
  });
});
