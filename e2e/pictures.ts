/**
 * The pictures of the documentation, each with the story that takes it. A story looks at what its picture shows, so a
 * picture that no longer tells the truth is a failed test. `npm run screenshots` puts them into docs/images.
 */
export const pictures: Readonly<Record<string, string>> = {
  bulk_preview: "bulk_and_replay.spec.ts",
  case: "exceptions_inbox.spec.ts",
  catalogue: "event_catalogue.spec.ts",
  catalogue_fields: "event_catalogue.spec.ts",
  counter_list: "counter_in_the_menu_bar.spec.ts",
  delivery_attempts: "invoice_reaches_receiver.spec.ts",
  endpoint_test_answer: "endpoint_test.spec.ts",
  exceptions: "refusal_and_retry.spec.ts",
  explanation_not_sent: "explanation.spec.ts",
  invoice_refused: "refusal_and_retry.spec.ts",
  mapping_editor: "mapping_editor.spec.ts",
  overview: "overview.spec.ts",
  setup_events: "administrator_connects_endpoint.spec.ts",
  timeline_confirmed: "confirmation.spec.ts",
};
