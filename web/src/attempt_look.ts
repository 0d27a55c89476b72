/** How one attempt of a delivery is said and coloured. */
import { _t } from "@web/core/l10n/translation";

export interface OutcomeLook {
  readonly label: string;
  /** Bootstrap colour name. */
  readonly colour: "success" | "warning" | "danger" | "secondary";
  readonly iconClass: string;
}

export function describeOutcome(outcome: unknown): OutcomeLook {
  switch (outcome) {
    case "delivered":
      return { label: _t("Delivered"), colour: "success", iconClass: "fa-check" };
    case "retry":
      return { label: _t("Not accepted yet"), colour: "warning", iconClass: "fa-repeat" };
    case "failed":
      return { label: _t("Failed"), colour: "danger", iconClass: "fa-times" };
    default:
      return { label: _t("Unknown outcome"), colour: "secondary", iconClass: "fa-question" };
  }
}

export function phraseAttempt(attemptNumber: number): string {
  return _t("Attempt %(number)s", { number: attemptNumber });
}

export function phraseDuration(durationMs: number): string {
  return _t("took %(duration)s", { duration: describeDuration(durationMs) });
}

/** A duration for people: `340 ms`, `1.2 s`, `2 min 5 s`. */
export function describeDuration(durationMs: number): string {
  if (durationMs < 1000) {
    return _t("%(count)s ms", { count: Math.round(durationMs) });
  }
  if (durationMs < 60_000) {
    return _t("%(count)s s", { count: (durationMs / 1000).toFixed(1) });
  }
  const wholeSeconds = Math.round(durationMs / 1000);
  return _t("%(minutes)s min %(seconds)s s", {
    minutes: Math.floor(wholeSeconds / 60),
    seconds: wholeSeconds % 60,
  });
}
