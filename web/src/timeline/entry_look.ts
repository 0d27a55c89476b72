/** How an entry of a timeline is drawn. Icon and words carry the meaning, colour only underlines it. */
import type { TimelineEntry } from "./timeline_data.ts";

export interface Drawing {
  /** Bootstrap colour name. */
  readonly colour: "success" | "info" | "danger" | "secondary" | "light";
  readonly iconClass: string;
}

const ICON_BY_KIND: Readonly<Record<string, string>> = {
  event: "fa-file-text-o",
  queued: "fa-inbox",
  person: "fa-user",
  system: "fa-cog",
};

export function drawEntry({ kind, look }: TimelineEntry): Drawing {
  switch (look) {
    case "good":
      return { colour: "success", iconClass: "fa-check" };
    case "wait":
      return { colour: "info", iconClass: kind === "next" ? "fa-clock-o" : "fa-repeat" };
    case "failed":
      return { colour: "danger", iconClass: kind === "next" ? "fa-hand-paper-o" : "fa-times" };
    case "ended":
      return { colour: "secondary", iconClass: "fa-ban" };
    case "neutral":
      return { colour: "light", iconClass: ICON_BY_KIND[kind] ?? "fa-circle-o" };
  }
}
