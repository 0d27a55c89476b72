/**
 * The pictures of the documentation, each with the story that takes it. A story looks at what its picture shows, so a
 * picture that no longer tells the truth is a failed test. `npm run screenshots` puts them into docs/images.
 */
export const pictures: Readonly<Record<string, string>> = {
  bulk_preview: "bulk_and_replay.spec.ts",
  delivery_attempts: "invoice_reaches_receiver.spec.ts",
  exceptions: "refusal_and_retry.spec.ts",
  invoice_refused: "refusal_and_retry.spec.ts",
  overview: "overview.spec.ts",
};
