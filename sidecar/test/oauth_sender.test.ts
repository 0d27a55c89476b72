import { describe, expect, it, vi } from "vitest";
import { attemptDelivery } from "../src/pipeline/dispatch_attempt.ts";
import { buildClaim, recordLog } from "./builders.ts";
import { startAuthorizationServer, startProtectedReceiver } from "./doubles/authorization_server.ts";
import { ClockDouble } from "./doubles/clock_double.ts";
import { MapperDouble } from "./doubles/mapper_double.ts";
import { openOAuth, protect } from "./doubles/oauth_stage.ts";
import { ObserverDouble } from "./doubles/observer_double.ts";
import { cleanUpAfterEach, post, start } from "./doubles/sender_stage.ts";

cleanUpAfterEach();

describe("an endpoint with OAuth 2.0", () => {
  it("gets deliveries with an access token", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl }));
    expect(answer).toMatchObject({ kind: "answered", statusCode: 200 });
    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1"]);
    expect(server.requests).toMatchObject([
      {
        method: "POST",
        path: "/token",
        body: "grant_type=client_credentials",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization: `Basic ${Buffer.from("odoo:s3cret").toString("base64")}`,
        },
      },
    ]);
  });

  it("asks for scope and audience, and encodes credentials so that a colon in them is no border", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    const client = {
      clientId: "a:b",
      secret: "ü &%",
      scope: "claims.read claims.write",
      audience: "https://x/",
    };
    await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl, ...client }));
    const [request] = server.requests;
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "client_credentials",
      scope: "claims.read claims.write",
      audience: "https://x/",
    });
    const sent = Buffer.from(request?.headers.authorization?.replace("Basic ", "") ?? "", "base64");
    expect(sent.toString()).toBe("a%3Ab:%C3%BC+%26%25");
  });

  it("sends the client's credentials in the form where the server wants them there", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl, clientAuth: "body" }));
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      grant_type: "client_credentials",
      client_id: "odoo",
      client_secret: "s3cret",
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("costs one token request for any number of deliveries, also when they start together", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    const sender = openOAuth();
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(sender, endpoint)));
    expect(answers.every((answer) => answer.kind === "answered" && answer.statusCode === 200)).toBe(true);
    await post(sender, endpoint);
    expect(server.requests).toHaveLength(1);
    expect(receiver.requests).toHaveLength(13);
  });

  it("gets a new token shortly before the old one expires", async () => {
    const server = await startAuthorizationServer({ expiresInS: 3600 });
    const receiver = await startProtectedReceiver(server);
    let nowMs = 1_000_000;
    const sender = openOAuth(undefined, () => nowMs);
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    await post(sender, endpoint);
    nowMs += 3_539_000;
    await post(sender, endpoint);
    expect(server.requests).toHaveLength(1);
    nowMs += 2_000;
    await post(sender, endpoint);
    expect(server.requests).toHaveLength(2);
    expect(receiver.requests.at(-1)?.headers.authorization).toBe("Bearer token-2");
  });

  it("that refuses a withdrawn token gets the delivery once more with a new one", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    const sender = openOAuth();
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    await post(sender, endpoint);
    server.valid.clear();
    expect(await post(sender, endpoint)).toMatchObject({ statusCode: 200 });
    const tokens = receiver.requests.map(({ headers }) => headers.authorization);
    expect(tokens).toEqual(["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
  });

  it("that refuses every token is asked twice and no more, and its 401 reported", async () => {
    const server = await startAuthorizationServer();
    const receiver = await start((response) => response.writeHead(401).end("no"));
    const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl }));
    expect(answer).toMatchObject({ kind: "answered", statusCode: 401, excerpt: "no" });
    expect(receiver.requests).toHaveLength(2);
    expect(server.requests).toHaveLength(2);
  });

  it("that withdraws a token gets one new one, however many deliveries it refuses at once", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    const sender = openOAuth();
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    await post(sender, endpoint);
    server.valid.clear();
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(sender, endpoint)));
    expect(answers.map((answer) => answer.kind === "answered" && answer.statusCode)).toEqual(
      Array(4).fill(200),
    );
    expect(server.requests).toHaveLength(2);
  });

  it("shares its token with no other endpoint, and with no other settings", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    const sender = openOAuth();
    const client = { tokenUrl: server.tokenUrl };
    await post(sender, protect(receiver.url, client, { id: 1 }));
    await post(sender, protect(receiver.url, client, { id: 2 }));
    await post(sender, protect(receiver.url, { ...client, scope: "more" }, { id: 1 }));
    expect(server.requests).toHaveLength(3);
  });

  it("leaves no token behind when it is no longer served", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server);
    const sender = openOAuth();
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    await post(sender, endpoint);
    await sender.keepOnly(new Set());
    await post(sender, endpoint);
    expect(server.requests).toHaveLength(2);
  });

  it("that repeats our token in its answer does not get it into the record", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server, "You sent ");
    const answer = await post(openOAuth(), protect(receiver.url, { tokenUrl: server.tokenUrl }));
    expect(answer).toMatchObject({ excerpt: "You sent Bearer [access token]" });
  });

  it("leaves neither token nor client secret in the log or the outcome", async () => {
    const server = await startAuthorizationServer();
    const receiver = await startProtectedReceiver(server, "got: ");
    server.valid.add("unused");
    const { log, lines } = recordLog();
    const parts = {
      mapper: new MapperDouble(),
      sender: openOAuth(),
      clock: new ClockDouble(),
      log,
      observer: new ObserverDouble(),
      worker: "worker-1",
      version: "0.1.0",
    };
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    const outcome = await attemptDelivery(buildClaim(), endpoint, parts, new AbortController().signal);
    expect(outcome).toMatchObject({ statusCode: 200, decision: { kind: "delivered" } });
    expect(JSON.stringify([outcome, lines])).not.toMatch(/token-1|s3cret/);
    expect(lines.map(({ event }) => event)).toEqual(["delivery.attempted"]);
  });
});

describe("a delivery that waits for a token", () => {
  it("ends when the service stops, and the request goes on for the others", async () => {
    const held: (() => void)[] = [];
    const server = await startAuthorizationServer({
      answer: (response) => held.push(() => response.end('{"access_token":"late","token_type":"Bearer"}')),
    });
    server.valid.add("late");
    const receiver = await startProtectedReceiver(server);
    const sender = openOAuth();
    const endpoint = protect(receiver.url, { tokenUrl: server.tokenUrl });
    const stop = new AbortController();
    const stopped = post(sender, endpoint, stop.signal);
    const patient = post(sender, endpoint);
    await vi.waitUntil(() => held.length === 1);
    stop.abort();
    expect(await stopped).toMatchObject({ kind: "broken" });
    held[0]?.();
    expect(await patient).toMatchObject({ statusCode: 200 });
    expect(server.requests).toHaveLength(1);
  });
});
