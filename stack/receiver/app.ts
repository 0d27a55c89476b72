import { join } from "node:path";
import express, { type Express, type Request, type Response } from "express";
import { z } from "zod";
import type { EventStore } from "./event_store.ts";
import { type Hook, hooks, isHook } from "./received_event.ts";
import { findSignatureFault } from "./verify_signature.ts";

const switchInput = z.strictObject({
  accept: z.boolean(),
  status: z.int().min(300).max(599).default(422),
  text: z.string().max(2_000).default(""),
});
const secretsInput = z.strictObject({ steady: z.string().optional(), switchable: z.string().optional() });

/**
 * The sample receiver: what an external system would do with an event, made visible.
 * `now` gives the time of arrival.
 */
export function createReceiver(store: EventStore, now: () => Date): Express {
  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  app.get("/", (_request, response) => {
    response.sendFile(join(import.meta.dirname, "page.html"));
  });
  // Signatures cover the bytes as sent, so the body is taken as they are, whatever its type.
  app.post("/hooks/:hook", express.text({ type: () => true, limit: "5mb" }), (request, response) => {
    const { hook } = request.params;
    if (isHook(hook)) receive(store, hook, now(), request, response);
    else refuseHook(response, String(hook));
  });
  const json = express.json();
  app.get("/api/events", (request, response) => {
    const { hook } = request.query;
    if (hook === undefined || isHook(hook)) response.json({ events: store.list(hook) });
    else refuseHook(response, String(hook));
  });
  app.delete("/api/events", (_request, response) => {
    store.clear();
    response.status(204).end();
  });
  app.get("/api/switch", (_request, response) => {
    response.json(store.hookSwitch);
  });
  app.put("/api/switch", json, (request, response) => {
    const parsed = switchInput.safeParse(request.body);
    if (!parsed.success) {
      refuseInput(response, parsed.error);
      return;
    }
    store.setSwitch(parsed.data);
    response.json(store.hookSwitch);
  });
  app.put("/api/secrets", json, (request, response) => {
    const parsed = secretsInput.safeParse(request.body);
    if (!parsed.success) {
      refuseInput(response, parsed.error);
      return;
    }
    const { steady, switchable } = parsed.data;
    store.setSecrets({ ...(steady ? { steady } : {}), ...(switchable ? { switchable } : {}) });
    response.status(204).end();
  });
  return app;
}

function receive(
  store: EventStore,
  hook: Hook,
  receivedAt: Date,
  request: Request,
  response: Response,
): void {
  const body = typeof request.body === "string" ? request.body : "";
  const headers = Object.fromEntries(
    ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, request.get(name) ?? ""]),
  );
  const fault = findSignatureFault(store.secrets[hook], headers, body);
  const answer = chooseAnswer(store, hook);
  const kept = store.add({
    hook,
    webhook_id: headers["webhook-id"] ?? "",
    received_at: receivedAt.toISOString(),
    verified: fault === "",
    verification_error: fault,
    status: answer.status,
    body,
    event: parseOrNull(body),
  });
  // A repeated event is answered like the first: the sender only needs to know that we have it.
  response
    .status(answer.status)
    .type("text/plain")
    .send(kept.duplicate && answer.status < 300 ? "Already received" : answer.text);
}

function chooseAnswer(store: EventStore, hook: Hook): { status: number; text: string } {
  const { accept, status, text } = store.hookSwitch;
  return hook === "steady" || accept ? { status: 200, text: "Received" } : { status, text };
}

function parseOrNull(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function refuseHook(response: Response, hook: string): void {
  response.status(404).json({ error: `Expected a hook named ${hooks.join(" or ")}, got "${hook}"` });
}

function refuseInput(response: Response, error: z.ZodError): void {
  response.status(400).json({ error: z.prettifyError(error) });
}
