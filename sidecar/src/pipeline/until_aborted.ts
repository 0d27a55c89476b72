/** Resolves with the promise or with the signal, whichever comes first. Rejects as the promise does. */
export async function untilAborted(done: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, resolve: wake } = Promise.withResolvers<void>();
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) {
    wake();
  }
  try {
    await Promise.race([done, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
