import { Webhook } from "standardwebhooks";

/**
 * Checks a request as any receiver should: Standard Webhooks, over the exact bytes that came.
 * Returns an empty string when the signature is right, else why not.
 */
export function findSignatureFault(
  secret: string | undefined,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  if (!secret) return "No signing secret is known for this hook yet";
  try {
    new Webhook(secret).verify(body, headers);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
