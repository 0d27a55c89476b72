/** An event of a type as it would be sent, as Odoo answers it. */
export interface EventSample {
  /** JSON text of the whole CloudEvent. */
  readonly text: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** JSON Schema of the event's data. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly isMadeUp: boolean;
  readonly whyMadeUp: "no_access" | "no_record" | "";
  readonly resId: number | false;
  readonly recordName: string;
  readonly resModel: string;
  /** Names of fields that are empty for want of rights. */
  readonly hidden: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Throws TypeError when the answer is not of that form. */
export function parseSample(answer: unknown): EventSample {
  const { event, schema, source, why_made_up, res_id, record_name, res_model, hidden, labels } =
    readObject(answer);
  if (typeof event !== "string" || typeof schema !== "string" || !Array.isArray(hidden))
    throw new TypeError("not a sample of an event");
  return {
    text: event,
    event: readObject(JSON.parse(event)),
    schema: readObject(JSON.parse(schema)),
    isMadeUp: source === "made_up",
    whyMadeUp: why_made_up === "no_access" || why_made_up === "no_record" ? why_made_up : "",
    resId: typeof res_id === "number" ? res_id : false,
    recordName: typeof record_name === "string" ? record_name : "",
    resModel: String(res_model),
    hidden: hidden.map(String),
    labels: Object.fromEntries(
      Object.entries(readObject(labels)).map(([path, label]) => [path, String(label)]),
    ),
  };
}

function readObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new TypeError("expected an object");
  // An object that is not null has string keys.
  return value as Record<string, unknown>;
}
