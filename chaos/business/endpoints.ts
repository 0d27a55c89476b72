import { randomBytes } from "node:crypto";
import { OdooSession } from "../../stack/odoo_session.ts";
import { loopback } from "../../stack/ports.ts";
import { type Hook, hooks } from "../receiver/request_line.ts";
import type { ChaosWorld } from "../world/chaos_world.ts";

/** Endpoint id by hook. */
export type Endpoints = Readonly<Record<Hook, number>>;

/**
 * Patience is short, so that the run ends: the waits between attempts are seconds, and there are many attempts.
 * What is done with them is what every endpoint gets.
 */
const patience = {
  timeout_s: 3,
  concurrency: 8,
  window: 100,
  max_attempts: 12,
  retry_base_s: 1,
  retry_cap_s: 3,
  retry_after_max_s: 4,
  after_failure: "hold",
};

export function chooseSecrets(): Record<Hook, string> {
  const secret = () => `whsec_${randomBytes(32).toString("base64")}`;
  return { rough: secret(), strict: secret(), steady: secret() };
}

/** Sets up one endpoint per hook with every event type, as an integration administrator does it. */
export async function createEndpoints(world: ChaosWorld, signal: AbortSignal): Promise<Endpoints> {
  const session = new OdooSession(world.stack.odooUrl, world.database, "integration_admin");
  const call = <T>(model: string, method: string, args: readonly unknown[]) =>
    session.read<T>(model, method, args, {}, signal);
  const samples = await call<number[]>("integration.endpoint", "search", [[]]);
  const open = [["state", "in", ["pending", "queued", "failed"]]];
  const waiting = await call<number[]>("integration.delivery", "search", [open]);
  // What waits keeps an endpoint from being archived.
  if (waiting.length > 0) await call("integration.delivery", "action_cancel", [waiting, "Before the chaos"]);
  await call("integration.endpoint", "write", [samples, { active: false }]);
  const types = await call<number[]>("integration.event.type", "search", [[]]);
  const ids = await call<number[]>("integration.endpoint", "create", [
    hooks.map((hook) => ({
      name: `Hostile receiver (${hook})`,
      url: world.hookUrl(hook),
      allowed_addresses: loopback,
      signing_secret_input: world.secrets[hook],
      subscription_ids: types.map((id) => [0, 0, { event_type_id: id }]),
      ...patience,
    })),
  ]);
  await call("integration.endpoint", "action_activate", [ids]);
  return Object.fromEntries(hooks.map((hook, index) => [hook, ids[index]])) as Endpoints;
}
