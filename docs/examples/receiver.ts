/**
 * A complete receiver of integration events: verifies, de-duplicates, keeps order per record, answers honestly.
 * Run with Node 24:  SIGNING_SECRET=whsec_… PORT=8080 node receiver.ts
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";

const toleranceS = 300;
const bodyBytesMax = 1024 * 1024;

/** Undefined when the request is genuine, else the reason to refuse it. */
export function refuseReason(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secret: string,
  nowS: number,
): string | undefined {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof signatures !== "string") {
    return "signature headers are missing";
  }
  if (!/^\d+$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > toleranceS) {
    return "the timestamp is more than five minutes away";
  }
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  const isGenuine = signatures.split(" ").some((item) => {
    const [version, value] = item.split(",", 2);
    const given = Buffer.from(value ?? "", "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isGenuine ? undefined : "the signature does not match";
}

export interface IntegrationEvent {
  id: string;
  type: string;
  partitionkey: string;
  sequence: string;
  data: unknown;
}

// Keep both in your database, in the same transaction as the effect of the event.
const seenIds = new Set<string>();
const newestSequence = new Map<string, string>();

export function apply(event: IntegrationEvent): string {
  if (seenIds.has(event.id)) return "duplicate, already applied";
  const newest = newestSequence.get(event.partitionkey) ?? "";
  seenIds.add(event.id);
  if (event.sequence <= newest) return "older than what we have, ignored";
  newestSequence.set(event.partitionkey, event.sequence);
  console.log(`${event.type} ${event.partitionkey}`, JSON.stringify(event.data));
  return "applied";
}

function main(): void {
  const secret = process.env.SIGNING_SECRET;
  if (!secret) throw new Error("SIGNING_SECRET must hold the endpoint's signing secret (whsec_…)");
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bodyBytesMax) chunks.push(chunk);
    });
    request.on("end", () => {
      const answer = (status: number, text: string) => response.writeHead(status).end(text);
      if (bytes > bodyBytesMax) return answer(413, `at most ${bodyBytesMax} bytes are taken`);
      const body = Buffer.concat(chunks);
      const reason = refuseReason(request.headers, body, secret, Math.floor(Date.now() / 1000));
      if (reason) return answer(401, reason);
      try {
        return answer(200, apply(JSON.parse(body.toString("utf8")) as IntegrationEvent));
      } catch (error) {
        // 422: a person in Odoo sees this text and can correct the document.
        return answer(422, `not understood: ${(error as Error).message}`);
      }
    });
  });
  const port = Number(process.env.PORT ?? 8080);
  server.listen(port, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${port}`));
}

if (import.meta.main) main();
