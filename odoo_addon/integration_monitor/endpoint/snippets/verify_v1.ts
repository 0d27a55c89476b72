import { createHmac, timingSafeEqual } from "node:crypto";

/** Whether the request comes from the holder of the secret, unchanged and within the last five minutes. */
export function isGenuine(
  headers: Readonly<Record<string, string | undefined>>, // names in lower case, as Node gives them
  body: Buffer, // the bytes as they came, before any JSON parser
  secret = process.env.WEBHOOK_SECRET ?? "whsec_YOUR_SECRET",
): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300;
  if (!id || !timestamp || !isFresh) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${digest}`);
  // Several signatures while a secret is being changed: one that fits is enough.
  return signatures.split(" ").some((item) => {
    const given = Buffer.from(item);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
