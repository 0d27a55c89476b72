import { describe, expect, it } from "vitest";
import { startAuthorizationServer, startProtectedReceiver } from "./doubles/authorization_server.ts";
import { openOAuth, protect } from "./doubles/oauth_stage.ts";
import { cleanUpAfterEach, post, start } from "./doubles/sender_stage.ts";

cleanUpAfterEach();

describe("an authorization server", () => {
  const silentReceiver = () => start((response) => response.end("ok"));

  it.each([
    [400, '{"error":"invalid_scope"}', /HTTP 400: it does not grant this scope \(invalid_scope\)/],
    [401, '{"error":"invalid_client"}', /HTTP 401: it does not know the client id, or refuses its secret/],
    [403, "<h1>s3cret</h1>", /HTTP 403: it gave no reason we know/],
    [400, '{"error":"s3cret","error_description":"s3cret"}', /it gave no reason we know/],
    [302, "", /redirects \(HTTP 302\)/],
    [200, "<html>", /its answer holds no access token/],
    [200, '{"access_token":"a\\r\\nb: c","token_type":"bearer"}', /its answer holds no access token/],
    [200, '{"access_token":"a","token_type":"mac"}', /another kind than Bearer/],
  ])("that answers %i %s makes the delivery fail as `auth`, in words", async (status, text, words) => {
    const server = await startAuthorizationServer({
      answer: (response) => response.writeHead(status, { location: "/elsewhere" }).end(text),
    });
    const receiver = await silentReceiver();
    const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl }));
    expect(answer).toMatchObject({
      kind: "broken",
      failureClass: "auth",
      error: expect.stringMatching(words),
    });
    expect(JSON.stringify(answer)).not.toContain("s3cret");
    expect(receiver.requests).toHaveLength(0);
    expect(server.requests).toHaveLength(1);
  });

  it.each([429, 500, 503])("that answers %i is away: the delivery is tried again", async (status) => {
    const server = await startAuthorizationServer({ answer: (response) => response.writeHead(status).end() });
    const receiver = await silentReceiver();
    const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl }));
    expect(answer).toMatchObject({ failureClass: "unavailable" });
    expect(receiver.requests).toHaveLength(0);
  });

  it("whose answer breaks off is away", async () => {
    const server = await startAuthorizationServer({
      answer: (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write('{"access_token":', () => response.destroy());
      },
    });
    const receiver = await silentReceiver();
    const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl }));
    expect(answer).toMatchObject({
      failureClass: "unavailable",
      error: expect.stringMatching(/broke off/),
    });
  });

  it("that cannot be reached is away", async () => {
    const receiver = await silentReceiver();
    const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl: "http://127.0.0.1:1/token" }));
    expect(answer).toMatchObject({
      failureClass: "unavailable",
      error: expect.stringMatching(/^the authorization server 127\.0\.0\.1:1: .*ECONNREFUSED/),
    });
  });

  it("that is silent is given up within the endpoint's time limit, and nothing is sent", async () => {
    const server = await startAuthorizationServer({ answer: () => {} });
    const receiver = await silentReceiver();
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl }, { timeoutMs: 100 });
    expect(await post(openOAuth(), endpoint)).toMatchObject({ kind: "broken", failureClass: "unavailable" });
    expect(receiver.requests).toHaveLength(0);
  });

  it("that refused is left in peace for a moment, then asked again", async () => {
    let isFixed = false;
    const server = await startAuthorizationServer({
      answer: (response) =>
        isFixed
          ? response.end('{"access_token":"late","token_type":"Bearer"}')
          : response.writeHead(401).end('{"error":"invalid_client"}'),
    });
    server.valid.add("late");
    const receiver = await startProtectedReceiver(server);
    let nowMs = 0;
    const sender = openOAuth(undefined, () => nowMs);
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await post(sender, endpoint)).toMatchObject({ failureClass: "auth" });
    }
    expect(server.requests).toHaveLength(1);
    isFixed = true;
    nowMs += 5_000;
    expect(await post(sender, endpoint)).toMatchObject({ statusCode: 200 });
  });

  it.each([
    ["a literal address", "https://127.0.0.2/token"],
    ["a name", "https://login.example.com/token"],
    ["plain http at a public address", "http://93.184.215.14/token"],
  ])("that is not public is not called: %s", async (_, tokenUrl) => {
    const receiver = await silentReceiver();
    const sender = openOAuth(() => Promise.resolve([{ address: "10.0.0.1", family: 4 }]));
    expect(await post(sender, protect(receiver.url, { tokenUrl }))).toMatchObject({
      kind: "broken",
      failureClass: "address_refused",
      error: expect.stringMatching(/IM_ADDRESS_REFUSED/),
    });
    expect(receiver.requests).toHaveLength(0);
  });

  it.each(["", "login", "ftp://login.example.com/"])(
    "without a usable address (%j) is a fault of the settings",
    async (tokenUrl) => {
      const receiver = await silentReceiver();
      const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl }));
      expect(answer).toMatchObject({ failureClass: "configuration" });
    },
  );
});
