/** What the editor of mappings says to people. */
import { _t } from "@web/core/l10n/translation";
import type { EventSample } from "./event_sample.ts";
import type { PreviewOutcome } from "./mapping_runner.ts";

export interface PreviewWords {
  readonly state: "empty" | "mapped" | "refused" | "trying";
  /** One sentence; empty when the result says it all. */
  readonly sentence: string;
  /** "Line 3, column 14"; empty when there is no place. */
  readonly place: string;
  /** The data that would be sent, laid out. */
  readonly result: string;
}

export function describeOutcome(text: string, outcome: PreviewOutcome | null): PreviewWords {
  if (text.trim() === "") {
    return say("empty", _t("Without a mapping the data is sent as it is."));
  }
  switch (outcome?.kind) {
    case undefined:
      return say("trying", _t("The result appears here."));
    case "late":
      return say("refused", _t("This runs for too long. Check regular expressions and functions."));
    case "unavailable":
      return say("refused", _t("Your browser cannot show the result. The mapping works all the same."));
    case "mapped":
      return { ...say("mapped", ""), result: JSON.stringify(JSON.parse(outcome.body).data, null, 2) };
    case "refused":
      return {
        // The program's own words: they are English, like the language of the expressions.
        ...say("refused", outcome.reason),
        place: outcome.place ? _t("Line %(line)s, column %(column)s", { ...outcome.place }) : "",
      };
  }
}

function say(state: PreviewWords["state"], sentence: string): PreviewWords {
  return { state, sentence, place: "", result: "" };
}

export function describeSample(sample: EventSample): string {
  if (sample.whyMadeUp === "no_access") {
    return _t("You may not read these documents, so the values are made up.");
  }
  if (sample.whyMadeUp === "no_record") {
    return _t("No document fits yet, so the values are made up.");
  }
  if (sample.hidden.length > 0) {
    return _t("Empty here because you may not read it: %(fields)s. Receivers get it.", {
      fields: sample.hidden.join(", "),
    });
  }
  return "";
}
