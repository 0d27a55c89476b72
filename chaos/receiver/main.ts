// The hostile receiver: answers as `behaviour.ts` throws the dice, and writes down what it really did.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { findSignatureFault } from "../../stack/receiver/verify_signature.ts";
import { Random } from "../random.ts";
import { type Behaviour, chooseBehaviour } from "./behaviour.ts";
import { type Hook, hooks, type RequestLine, referenceOf } from "./request_line.ts";
import { RequestLog } from "./request_log.ts";

const oversizedBytes = 600 * 1024;
const chunk = Buffer.alloc(32 * 1024, "x");

const log = new RequestLog(required("REQUEST_LOG"));
const random = new Random(Number(required("CHAOS_SEED")));
const secrets = JSON.parse(required("SIGNING_SECRETS")) as Record<string, string>;
let requestCount = 0;

const server = createServer((request, response) => {
  void answer(request, response).catch((error: unknown) => {
    // Only the connection can fail here, and the audit sees that no end was written.
    console.error(error);
    request.socket.destroy();
  });
});
server.listen(Number(required("HTTP_PORT")), required("HTTP_HOST"));
process.on("SIGTERM", () => process.exit(0));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === "/healthz") {
    response.end("ok\n");
    return;
  }
  const hook = /^\/hooks\/(\w+)$/.exec(request.url ?? "")?.[1] ?? "";
  if (!isHook(hook)) {
    log.write({ ...describeRequest(request, "trap", "", undefined), accepted: true });
    response.writeHead(200).end();
    return;
  }
  const id = String(request.headers["webhook-id"] ?? "");
  const stream = random.fork(`${hook} ${id} ${log.countOf(hook, id)}`);
  const behaviour = chooseBehaviour(hook, stream, new Date());
  const body = behaviour.ending === "cut_unread" ? "" : await readBody(request);
  const line = describeRequest(request, hook, body, behaviour);
  if (behaviour.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
  log.write(line);
  response.once("close", () => {
    const end = response.writableFinished ? "sent" : "broken";
    log.write({ kind: "end", request: line.request, at: Date.now(), end });
  });
  perform(behaviour, request, response);
}

function perform(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, ending } = behaviour;
  switch (ending) {
    case "cut":
    case "cut_unread":
      request.socket.resetAndDestroy();
      return;
    case "stall":
      // Silence, or the beginning of an answer that never ends: the sender has to give up by itself.
      if (status > 0) response.writeHead(status, headers).write("still working");
      return;
    case "cut_within":
      response.writeHead(status, { ...headers, "content-length": "5000" }).write("half an ans", () => {
        request.socket.destroy();
      });
      return;
    case "oversized":
      response.writeHead(status, headers);
      for (let sent = 0; sent < oversizedBytes; sent += chunk.length) response.write(chunk);
      response.end();
      return;
    case "whole":
      response.writeHead(status, headers).end(`${behaviour.name}\n`);
  }
}

function describeRequest(
  request: IncomingMessage,
  hook: string,
  body: string,
  behaviour: Behaviour | undefined,
): RequestLine {
  requestCount += 1;
  const event = body === "" ? {} : (JSON.parse(body) as Record<string, unknown>);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    kind: "request",
    request: `${process.pid}-${requestCount}`,
    at: Date.now(),
    hook,
    webhook_id: headers["webhook-id"] ?? "",
    behaviour: behaviour?.name ?? "trap",
    accepted: behaviour?.accepts ?? false,
    status: behaviour?.status ?? 200,
    complete: behaviour?.ending === "whole" || behaviour?.ending === "oversized",
    signature_fault: body === "" ? "" : findSignatureFault(secrets[hook], headers, body),
    type: String(event.type ?? ""),
    subject: String(event.subject ?? ""),
    sequence: String(event.sequence ?? ""),
    reference: referenceOf((event.data ?? {}) as Record<string, unknown>),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const part of request) chunks.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

function isHook(text: string): text is Hook {
  return hooks.some((hook) => hook === text);
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} must be set`);
  return value;
}
