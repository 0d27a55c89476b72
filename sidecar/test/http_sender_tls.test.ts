import { describe, expect, it } from "vitest";
import type { EndpointTls } from "../src/domain/delivery.ts";
import { createCertificateAuthority, createSelfSignedCertificate } from "./doubles/certificate_authority.ts";
import type { Receiver } from "./doubles/receiver_double.ts";
import { cleanUpAfterEach, endpointAt, openSender, post, start } from "./doubles/sender_stage.ts";
import { startStrictServer } from "./support/strict_tls_server.ts";

cleanUpAfterEach();

const authority = createCertificateAuthority();
const stranger = createCertificateAuthority("Somebody else");
const server = authority.issue({ commonName: "receiver", addresses: ["127.0.0.1"] });
const client = ((): NonNullable<EndpointTls["client"]> => {
  const { cert: certificate, key } = authority.issue({ commonName: "odoo" });
  return { certificate, key };
})();
const foreignClient = ((): NonNullable<EndpointTls["client"]> => {
  const { cert: certificate, key } = stranger.issue({ commonName: "odoo" });
  return { certificate, key };
})();

const accept = (certificate: { key: string; cert: string } = server): Promise<Receiver> =>
  start((response) => response.end("ok"), certificate);

/** A real receiver that asks every client for a certificate of the authority. */
const acceptClients = (): Promise<Receiver> =>
  start((response) => response.end("ok"), {
    ...server,
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: true,
  });

describe("an own certificate authority", () => {
  it("lets us trust the receiver it certified", async () => {
    const receiver = await accept();
    const answer = await post(openSender(), endpointAt(receiver.url, { tls: { ca: authority.cert } }));
    expect(answer).toMatchObject({ kind: "answered", statusCode: 200 });
  });

  it("is needed: without it the receiver is a stranger, and the reason says what to do", async () => {
    const receiver = await accept();
    expect(await post(openSender(), endpointAt(receiver.url))).toMatchObject({
      failureClass: "tls",
      error: expect.stringMatching(/authority we do not know.*enter it on the endpoint \([A-Z_]+\)$/),
    });
    expect(receiver.requests).toHaveLength(0);
  });

  it("is the only one trusted: a receiver certified by another is refused", async () => {
    const receiver = await accept(stranger.issue({ commonName: "receiver", addresses: ["127.0.0.1"] }));
    const answer = await post(openSender(), endpointAt(receiver.url, { tls: { ca: authority.cert } }));
    expect(answer).toMatchObject({ failureClass: "tls" });
    expect(receiver.requests).toHaveLength(0);
  });

  it("does not excuse a certificate for another name", async () => {
    const receiver = await accept(authority.issue({ commonName: "x", names: ["other.example.com"] }));
    const answer = await post(openSender(), endpointAt(receiver.url, { tls: { ca: authority.cert } }));
    expect(answer).toMatchObject({
      failureClass: "tls",
      error: expect.stringMatching(/^its certificate is for another name/),
    });
    expect(receiver.requests).toHaveLength(0);
  });

  it("does not excuse an expired certificate", async () => {
    const expired = { commonName: "x", addresses: ["127.0.0.1"], validUntil: "210101000000Z" };
    const receiver = await accept(authority.issue(expired));
    const answer = await post(openSender(), endpointAt(receiver.url, { tls: { ca: authority.cert } }));
    expect(answer).toMatchObject({ failureClass: "tls", error: expect.stringMatching(/has expired/) });
  });

  it("that is withdrawn closes the connections it opened", async () => {
    const receiver = await accept();
    const sender = openSender();
    await post(sender, endpointAt(receiver.url, { tls: { ca: authority.cert } }));
    expect(await post(sender, endpointAt(receiver.url))).toMatchObject({ failureClass: "tls" });
    expect(receiver.requests).toHaveLength(1);
  });

  it("may be the receiver's self-signed certificate itself", async () => {
    const own = createSelfSignedCertificate("localhost");
    const receiver = await accept(own);
    const url = receiver.url.replace("127.0.0.1", "localhost");
    const endpoint = endpointAt(url, { tls: { ca: own.cert }, allowedAddresses: ["localhost"] });
    expect(await post(openSender(), endpoint)).toMatchObject({ statusCode: 200 });
  });
});

describe("a client certificate", () => {
  it("opens a receiver that asks for one", async () => {
    const receiver = await acceptClients();
    const endpoint = endpointAt(receiver.url, {
      auth: { kind: "mtls" },
      tls: { ca: authority.cert, client },
    });
    expect(await post(openSender(), endpoint)).toMatchObject({ kind: "answered", statusCode: 200 });
    expect(receiver.requests).toHaveLength(1);
  });

  it.each([
    ["none", undefined, /^it asks for a client certificate; enter certificate and key/],
    ["one of another authority", foreignClient, /^it refuses our client certificate/],
  ] as const)("is missed by a strict receiver where there is %s", async (_, shown, words) => {
    const strict = await startStrictServer({ ...server, clientCa: authority.cert });
    const tls = { ca: authority.cert, ...(shown === undefined ? {} : { client: shown }) };
    const answer = await post(openSender(), endpointAt(strict.url, { auth: { kind: "mtls" }, tls }));
    expect(answer).toMatchObject({
      kind: "broken",
      failureClass: "tls",
      error: expect.stringMatching(words),
    });
  });

  it("opens the strict receiver as well", async () => {
    const strict = await startStrictServer({ ...server, clientCa: authority.cert });
    const tls = { ca: authority.cert, client };
    const answer = await post(openSender(), endpointAt(strict.url, { auth: { kind: "mtls" }, tls }));
    expect(answer).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ["a broken certificate", { client: { ...client, certificate: "nonsense" } }],
    ["a broken key", { client: { ...client, key: "nonsense" } }],
    ["a key of another certificate", { client: { ...client, key: foreignClient.key } }],
  ])("is a fault of the settings when it is %s, told without showing it", async (_, tls) => {
    const receiver = await acceptClients();
    const answer = await post(openSender(), endpointAt(receiver.url, { tls }));
    expect(answer).toMatchObject({
      failureClass: "configuration",
      error: expect.stringMatching(/^IM_CERTIFICATE_INVALID: /),
    });
    expect(JSON.stringify(answer)).not.toMatch(/nonsense|PRIVATE KEY/);
    expect(receiver.connectionCount).toBe(0);
  });
});
