import { createPublicKey, verify } from "node:crypto";

/** Whether the request comes from the holder of the key pair, unchanged and within the last five minutes. */
export function isGenuine(
  headers: Readonly<Record<string, string | undefined>>, // names in lower case, as Node gives them
  body: Buffer, // the bytes as they came, before any JSON parser
  publicKey = "whpk_YOUR_PUBLIC_KEY",
): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300;
  if (!id || !timestamp || !isFresh) return false;
  const bytes = Buffer.from(publicKey.slice("whpk_".length), "base64");
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), bytes]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  // Several signatures while a key is being changed: one that fits is enough.
  return signatures
    .split(" ")
    .filter((item) => item.startsWith("v1a,"))
    .some((item) => verify(null, content, key, Buffer.from(item.slice("v1a,".length), "base64")));
}
