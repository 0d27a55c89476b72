/**
 * Something a person must put right before the stack can go on.
 *
 * The message is all they see: what was expected, what came, what to do. No stack trace is printed for it.
 */
export class SetupFailure extends Error {
  override readonly name = "SetupFailure";
}

/** Text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
