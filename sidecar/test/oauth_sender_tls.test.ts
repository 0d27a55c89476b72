import { describe, expect, it } from "vitest";
import { OAuthSender } from "../src/adapters/oauth_sender.ts";
import { TokenCache } from "../src/adapters/token_cache.ts";
import {
  buildClient,
  startAuthorizationServer,
  startProtectedReceiver,
} from "./doubles/authorization_server.ts";
import { createCertificateAuthority } from "./doubles/certificate_authority.ts";
import { cleanUpAfterEach, endpointAt, openSender, post } from "./doubles/sender_stage.ts";

cleanUpAfterEach();

const authority = createCertificateAuthority();
const server = authority.issue({ commonName: "login", addresses: ["127.0.0.1"] });
const { cert: certificate, key } = authority.issue({ commonName: "odoo" });

describe("an authorization server over TLS", () => {
  it("is trusted where the endpoint's own authority certified it", async () => {
    const login = await startAuthorizationServer({ tls: server });
    const receiver = await startProtectedReceiver(login);
    const sender = new OAuthSender(openSender(), new TokenCache());
    const auth = buildClient({ tokenUrl: login.tokenUrl });
    expect(await post(sender, endpointAt(receiver.url, { auth }))).toMatchObject({
      failureClass: "tls",
      error: expect.stringMatching(/^the authorization server .*authority we do not know/),
    });
    expect(login.requests).toHaveLength(0);
    const trusting = endpointAt(receiver.url, { auth, tls: { ca: authority.cert } });
    expect(await post(sender, trusting)).toMatchObject({ statusCode: 200 });
  });

  it("that asks for our certificate gets it (RFC 8705)", async () => {
    const login = await startAuthorizationServer({
      tls: { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    });
    const receiver = await startProtectedReceiver(login);
    const sender = new OAuthSender(openSender(), new TokenCache());
    const endpoint = endpointAt(receiver.url, {
      auth: buildClient({ tokenUrl: login.tokenUrl }),
      tls: { ca: authority.cert, client: { certificate, key } },
    });
    expect(await post(sender, endpoint)).toMatchObject({ statusCode: 200 });
  });
});
