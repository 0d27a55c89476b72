/** A small real authorization server for client credentials, and a receiver that knows its tokens. */
import type http from "node:http";
import type https from "node:https";
import type { OAuthClient } from "../../src/domain/delivery.ts";
import type { Receiver } from "./receiver_double.ts";
import { start } from "./sender_stage.ts";

export interface AuthorizationServer {
  readonly tokenUrl: string;
  /** What was asked, in order. */
  readonly requests: Receiver["requests"];
  /** Tokens that count now. */
  readonly valid: Set<string>;
}

export interface AuthorizationSettings {
  readonly expiresInS?: number;
  /** Answers instead of granting. */
  readonly answer?: (response: http.ServerResponse, requestNumber: number) => void;
  readonly tls?: https.ServerOptions;
}

/** Grants `token-1`, `token-2` and so on. */
export async function startAuthorizationServer(
  settings: AuthorizationSettings = {},
): Promise<AuthorizationServer> {
  const valid = new Set<string>();
  const grant = (response: http.ServerResponse, requestNumber: number) => {
    const token = `token-${requestNumber}`;
    valid.add(token);
    const body = { access_token: token, token_type: "Bearer", expires_in: settings.expiresInS ?? 3600 };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const server = await start(settings.answer ?? grant, settings.tls);
  return { tokenUrl: server.url.replace("/hooks?tenant=1", "/token"), requests: server.requests, valid };
}

/** Answers 200 to valid tokens, else 401; `echo` repeats the header it got. */
export async function startProtectedReceiver(server: AuthorizationServer, echo = ""): Promise<Receiver> {
  const receiver: Receiver = await start((response) => {
    const header = receiver.requests.at(-1)?.headers.authorization ?? "";
    const isValid = server.valid.has(header.replace("Bearer ", ""));
    response.writeHead(isValid ? 200 : 401).end(echo === "" ? "" : `${echo}${header}`);
  });
  return receiver;
}

export function buildClient(shown: Partial<OAuthClient> = {}): OAuthClient {
  return {
    kind: "oauth2",
    tokenUrl: "https://login.example.com/token",
    clientId: "odoo",
    secret: "s3cret",
    clientAuth: "basic",
    scope: "",
    audience: "",
    ...shown,
  };
}
