import { describe, expect, it } from "vitest";
import { createSelfSignedCertificate } from "./doubles/certificate_authority.ts";
import { startReceiver } from "./doubles/receiver_double.ts";
import { cleanUpAfterEach, endpointAt, openSender, post, start } from "./doubles/sender_stage.ts";

cleanUpAfterEach();

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

  it.each([200, 413])(
    "a connection cut within the body changes nothing about status %i",
    async (statusCode) => {
      const receiver = await start((response) => {
        response.writeHead(statusCode, { "content-length": "1000" });
        response.write("half", () => response.destroy());
      });
      expect(await post(openSender(), endpointAt(receiver.url))).toMatchObject({
        kind: "answered",
        statusCode,
        excerpt: "half",
      });
    },
  );

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
    const sender = openSender(unknown);
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
