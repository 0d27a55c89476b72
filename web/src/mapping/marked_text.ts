/** A text cut into what is before, at and after a place, so that the place can be marked. */
import type { MappingPlace } from "../../../sidecar/src/domain/mapping_place.ts";

export interface MarkedText {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** At the end of the text there is nothing to mark: a space stands for what is missing. */
export function markPlace(
  text: string,
  place: Pick<MappingPlace, "offset" | "length"> | undefined,
): MarkedText {
  if (place === undefined) return { before: text, marked: "", after: "" };
  const end = place.offset + place.length;
  return {
    before: text.slice(0, place.offset),
    marked: text.slice(place.offset, end) || " ",
    after: text.slice(end),
  };
}
