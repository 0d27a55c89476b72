/** Looking again, less and less often, at what is bound to change. */
import { browser } from "@web/core/browser/browser";

/** Pauses between two looks, in ms. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;

/** Calls `callback` until the returned function is called. */
export function repeatWithGrowingPauses(callback: () => void, longestPauseMs = LAST_PAUSE_MS): () => void {
  let pauseMs = FIRST_PAUSE_MS;
  let timer = 0;
  const plan = () => {
    timer = browser.setTimeout(() => {
      callback();
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      plan();
    }, pauseMs);
  };
  plan();
  return () => browser.clearTimeout(timer);
}
