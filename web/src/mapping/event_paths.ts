/** The fields an event holds, as paths that a mapping can use, each with a value as example. */

export interface EventPath {
  /** As an expression: data.partner_id.vat */
  readonly path: string;
  /** What people call it; empty for parts of the envelope. */
  readonly label: string;
  /** A short text of the value. */
  readonly sample: string;
  /** Inside of a list: the path gives a list of values. */
  readonly isInList: boolean;
  readonly isList: boolean;
  /** How deep it is nested, from 0. */
  readonly depth: number;
}

const sampleCharsMax = 60;
/** Words that JSONata reads as operators or values. */
const reserved = new Set(["and", "or", "in", "true", "false", "null", "function"]);

/**
 * @param event a CloudEvent
 * @param labels what people call the fields, by their paths below `data`
 */
export function listPaths(event: unknown, labels: Readonly<Record<string, string>>): readonly EventPath[] {
  const paths: EventPath[] = [];
  walk(event, { names: [], depth: 0, isInList: false }, labels, paths);
  // What most mappings are made of comes first.
  const isData = ({ path }: EventPath) => path === "data" || path.startsWith("data.");
  return [...paths.filter(isData), ...paths.filter((entry) => !isData(entry))];
}

interface Spot {
  readonly names: readonly string[];
  readonly depth: number;
  readonly isInList: boolean;
}

function walk(
  value: unknown,
  spot: Spot,
  labels: Readonly<Record<string, string>>,
  paths: EventPath[],
): void {
  const content: unknown = Array.isArray(value) ? value[0] : value;
  if (spot.names.length > 0) {
    paths.push({
      path: spot.names.map(quoteName).join("."),
      label: spot.names[0] === "data" ? (labels[spot.names.slice(1).join(".")] ?? "") : "",
      sample: describeValue(value),
      isInList: spot.isInList,
      isList: Array.isArray(value),
      depth: spot.depth - 1,
    });
  }
  if (typeof content !== "object" || content === null) return;
  for (const [name, inner] of Object.entries(content)) {
    const isInList = spot.isInList || Array.isArray(value);
    walk(inner, { names: [...spot.names, name], depth: spot.depth + 1, isInList }, labels, paths);
  }
}

/** A name as JSONata takes it. */
export function quoteName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !reserved.has(name) ? name : `\`${name}\``;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === "object" && value !== null) return "{…}";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > sampleCharsMax ? `${text.slice(0, sampleCharsMax)}…` : text;
}

/** Those whose path, label or value holds the text. */
export function searchPaths(paths: readonly EventPath[], text: string): readonly EventPath[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return paths;
  return paths.filter(({ path, label, sample }) =>
    [path, label, sample].some((part) => part.toLowerCase().includes(wanted)),
  );
}
