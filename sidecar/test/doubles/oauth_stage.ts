import { OAuthSender } from "../../src/adapters/oauth_sender.ts";
import { TokenCache } from "../../src/adapters/token_cache.ts";
import type { Endpoint, OAuthClient } from "../../src/domain/delivery.ts";
import { buildClient } from "./authorization_server.ts";
import { endpointAt, openSender } from "./sender_stage.ts";

/** A sender as the service runs it, with the token cache's resolver and clock chosen by the test. */
export function openOAuth(...cache: ConstructorParameters<typeof TokenCache>): OAuthSender {
  return new OAuthSender(openSender(), new TokenCache(...cache));
}

export function protect(url: string, client: Partial<OAuthClient>, shown: Partial<Endpoint> = {}): Endpoint {
  return endpointAt(url, { auth: buildClient(client), ...shown });
}
