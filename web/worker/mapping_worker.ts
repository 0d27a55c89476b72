/**
 * Applies mappings for the preview, with the very program of the sidecar. A thread of its own, because an expression
 * that never ends would freeze the page; the page ends the thread instead.
 */
import jsonata from "jsonata";
import { createMapper } from "../../sidecar/src/domain/mapping.ts";

const apply = createMapper(jsonata, { quotesValues: true });

// The page's types know this scope as a window.
const scope = self as unknown as {
  onmessage: ((message: MessageEvent<{ expression: string; event: string }>) => void) | null;
  postMessage(message: unknown): void;
};

scope.onmessage = ({ data }) => {
  void apply(data.expression, data.event).then((outcome) => scope.postMessage(outcome));
};
