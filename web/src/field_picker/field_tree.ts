/** The tree of fields that can be chosen: what was loaded, what is unfolded, what is ticked. Pure. */
import { readFields, readRows, readText } from "../answer_fields.ts";

export interface FieldChoice {
  readonly path: string;
  readonly label: string;
  readonly name: string;
  readonly isLink: boolean;
  /** Why it cannot be sent, a sentence; empty when it can. */
  readonly refusal: string;
  readonly sample: string;
}

export interface FieldRow extends FieldChoice {
  readonly depth: number;
  readonly isUnfolded: boolean;
  readonly isChosen: boolean;
  /** Whether something below it is ticked while it is folded. */
  readonly hidesChosen: boolean;
}

export interface Level {
  /** Whose values are shown; empty for none. */
  readonly recordName: string;
  readonly choices: readonly FieldChoice[];
}

/** @throws Error `IM_ANSWER_INVALID` */
export function parseLevel(answer: unknown): Level {
  const fields = readFields(answer, "get_field_choices()");
  return {
    recordName: readText(fields, "record_name"),
    choices: readRows(fields, "fields").map((row) => ({
      path: readText(row, "path"),
      label: readText(row, "label"),
      name: readText(row, "name"),
      isLink: row.is_link === true,
      refusal: readText(row, "refusal"),
      sample: readText(row, "sample"),
    })),
  };
}

export interface TreeView {
  /** Levels by the path that leads to them; "" is the document itself. */
  readonly levels: ReadonlyMap<string, Level>;
  readonly unfolded: ReadonlySet<string>;
  readonly chosen: ReadonlySet<string>;
  readonly search: string;
}

/** The rows to show, from top to bottom. A search looks at labels and names, and keeps what leads to a hit. */
export function listRows(view: TreeView): readonly FieldRow[] {
  return listLevel(view, "", 0, view.search.trim().toLowerCase());
}

function listLevel(view: TreeView, parent: string, depth: number, search: string): readonly FieldRow[] {
  return (view.levels.get(parent)?.choices ?? []).flatMap((choice) => {
    const isUnfolded = view.unfolded.has(choice.path) && view.levels.has(choice.path);
    const below = isUnfolded ? listLevel(view, choice.path, depth + 1, search) : [];
    const isHit = search === "" || `${choice.label} ${choice.name}`.toLowerCase().includes(search);
    if (!isHit && below.length === 0) {
      return [];
    }
    const hidesChosen = !isUnfolded && [...view.chosen].some((path) => path.startsWith(`${choice.path}.`));
    const isChosen = view.chosen.has(choice.path);
    return [{ ...choice, depth, isUnfolded, isChosen, hidesChosen }, ...below];
  });
}
