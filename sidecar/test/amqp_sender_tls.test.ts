import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { describe, expect, it } from "vitest";
import { confirmed, openAmqpSender, postEvent } from "./doubles/amqp_stage.ts";
import { createCertificateAuthority } from "./doubles/certificate_authority.ts";
import { cleanUpAfterEach, cleanUpLater } from "./doubles/sender_stage.ts";
import { startReceiverBroker } from "./support/receiver_broker.ts";

cleanUpAfterEach();

const authority = createCertificateAuthority();
const stranger = createCertificateAuthority("Somebody else");
const server = authority.issue({ commonName: "broker", addresses: ["127.0.0.1"] });
const { cert: certificate, key } = authority.issue({ commonName: "odoo" });
const client = { certificate, key };
const ca = authority.cert;

/** TLS in front of the real broker, as many put it there. */
async function startTlsBroker(settings: tls.TlsOptions = server) {
  const broker = await startReceiverBroker();
  const seenClients: (string | undefined)[] = [];
  const front = tls.createServer(settings, (socket) => {
    seenClients.push(socket.getPeerCertificate().subject?.CN?.toString());
    const inner = net.connect(broker.proxy.port, "127.0.0.1");
    for (const end of [socket, inner]) end.on("error", () => {});
    socket.on("close", () => inner.destroy());
    inner.on("close", () => socket.destroy());
    socket.pipe(inner).pipe(socket);
  });
  front.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  cleanUpLater(async () => {
    broker.proxy.cutAll();
    front.close();
  });
  // A TCP server's address is an object.
  const { port } = front.address() as AddressInfo;
  return { ...broker, seenClients, url: `amqps://127.0.0.1:${port}/` };
}

describe("a broker behind TLS", () => {
  it("with an own authority gets the event", async () => {
    const { url, endpoint } = await startTlsBroker();
    expect(await postEvent(openAmqpSender(), endpoint({ url, tls: { ca } }))).toEqual(confirmed);
  });

  it("is a stranger without its authority, and the reason says what to do", async () => {
    const { url, endpoint, proxy } = await startTlsBroker();
    expect(await postEvent(openAmqpSender(), endpoint({ url }))).toMatchObject({
      failureClass: "tls",
      error: expect.stringMatching(/authority we do not know.*enter it on the endpoint \([A-Z_]+\)$/),
    });
    expect(proxy.openedCount).toBe(0);
  });

  it.each([
    ["of another authority", stranger.issue({ commonName: "broker", addresses: ["127.0.0.1"] })],
    ["for another name", authority.issue({ commonName: "x", names: ["other.example.com"] })],
    [
      "that has expired",
      authority.issue({ commonName: "x", addresses: ["127.0.0.1"], validUntil: "210101000000Z" }),
    ],
  ])("with a certificate %s gets nothing, not even the password", async (_, shown) => {
    const { url, endpoint, proxy } = await startTlsBroker(shown);
    expect(await postEvent(openAmqpSender(), endpoint({ url, tls: { ca } }))).toMatchObject({
      kind: "broken",
      failureClass: "tls",
    });
    expect(proxy.openedCount).toBe(0);
  });

  it("that asks for a client certificate sees ours, besides the password", async () => {
    const { url, endpoint, seenClients } = await startTlsBroker({ ...server, ca, requestCert: true });
    expect(await postEvent(openAmqpSender(), endpoint({ url, tls: { ca, client } }))).toEqual(confirmed);
    expect(seenClients).toEqual(["odoo"]);
  });

  it("is told apart from one that speaks no TLS", async () => {
    const { endpoint, url } = await startReceiverBroker();
    const answer = await postEvent(openAmqpSender(), endpoint({ url: url.replace("amqp:", "amqps:") }));
    expect(answer).toMatchObject({ kind: "broken", failureClass: "tls" });
  });

  it("with a certificate we cannot read is a fault of the settings, told without showing it", async () => {
    const { url, endpoint } = await startTlsBroker();
    const answer = await postEvent(
      openAmqpSender(),
      endpoint({ url, tls: { ca, client: { ...client, key: "nonsense" } } }),
    );
    expect(answer).toMatchObject({
      failureClass: "configuration",
      error: expect.stringMatching(/^IM_CERTIFICATE_INVALID: /),
    });
    expect(JSON.stringify(answer)).not.toContain("nonsense");
  });
});
