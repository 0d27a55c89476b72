export const hooks = ["steady", "switchable"] as const;
export type Hook = (typeof hooks)[number];

/** One request a hook got, as the page and the tests read it. */
export interface ReceivedEvent {
  readonly hook: Hook;
  readonly webhook_id: string;
  readonly received_at: string;
  /** Whether the signature is right; false also when no secret is known yet. */
  readonly verified: boolean;
  /** Why it is not, in one sentence; empty when it is. */
  readonly verification_error: string;
  /** The same webhook-id was accepted by this hook before. */
  readonly duplicate: boolean;
  /** What the hook answered. */
  readonly status: number;
  /** The body as it came. */
  readonly body: string;
  /** The body parsed; null when it is no JSON. */
  readonly event: unknown;
}

export function isHook(text: unknown): text is Hook {
  return hooks.some((hook) => hook === text);
}
