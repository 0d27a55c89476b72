/**
 * Reshapes an event by a JSONata expression: the expression sees the whole CloudEvent, its result becomes the new
 * `data`. The sidecar and the preview in the browser run this same code, so what one sees is what is sent.
 *
 * The result depends on expression and event alone: every attempt of a delivery sends the same bytes, on any machine.
 * So whatever tells the time or draws lots is refused, and a date without a time zone counts as UTC.
 */
import { locate } from "./mapping_place.ts";
import {
  describeFault,
  type FaultOptions,
  type MappingRefusal,
  MappingRefused,
  mappingLimits,
} from "./mapping_refusal.ts";

/** `body`: the event with its new data, as JSON text. */
export type MappingOutcome = { readonly kind: "mapped"; readonly body: string } | MappingRefusal;

export type ApplyMapping = (expression: string, eventText: string) => Promise<MappingOutcome>;

/** The part of the package `jsonata` that is used here. It is handed in, because two different builds bring it. */
export type Jsonata = (
  expression: string,
  options: { readonly timeout: number; readonly stack: number; readonly sequence: number },
) => JsonataExpression;

interface JsonataExpression {
  evaluate(input: unknown): Promise<unknown>;
  ast(): unknown;
  registerFunction(name: string, implementation: JsonataFunction, signature: string): void;
}

// biome-ignore lint/suspicious/noExplicitAny: the package calls with `this` and arguments of any kind
type JsonataFunction = (this: any, ...args: any[]) => unknown;

const compiledMax = 200;

export function createMapper(jsonata: Jsonata, options: FaultOptions): ApplyMapping {
  const compiled = new Map<string, Promise<JsonataExpression>>();
  const findCompiled = (expression: string) => {
    const known = compiled.get(expression) ?? compile(jsonata, expression);
    compiled.delete(expression);
    compiled.set(expression, known);
    const [oldest] = compiled.keys();
    if (compiled.size > compiledMax && oldest !== undefined) compiled.delete(oldest);
    return known;
  };
  return async (expression, eventText) => {
    try {
      const event = readEvent(eventText);
      const data = await (await findCompiled(expression)).evaluate(event);
      return { kind: "mapped", body: writeEvent({ ...event, data }) };
    } catch (error) {
      return describeFault(error, expression, options);
    }
  };
}

async function compile(jsonata: Jsonata, expression: string): Promise<JsonataExpression> {
  if (expression.length > mappingLimits.expressionChars) {
    throw new MappingRefused(
      "expression",
      `the expression has ${expression.length} characters; ${mappingLimits.expressionChars} are allowed`,
    );
  }
  const { runMs: timeout, depth: stack, items: sequence } = mappingLimits;
  const program = jsonata(expression, { timeout, stack, sequence });
  refuseChance(expression, program.ast());
  program.registerFunction("toMillis", await buildToMillis(jsonata), "<s-s?:n>");
  return program;
}

const onceForAll = "each attempt of a delivery must send the same";
const refusedFunctions: ReadonlyMap<string, string> = new Map([
  ["now", `${onceForAll}; use time or recordedtime of the event`],
  ["millis", `${onceForAll}; use $toMillis(time)`],
  ["random", onceForAll],
  ["shuffle", onceForAll],
  ["eval", "write the expression itself"],
]);

/** Walks the parsed expression; whatever reads one of these names may call it. */
function refuseChance(expression: string, root: unknown): void {
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== "object" || node === null || seen.has(node)) continue;
    seen.add(node);
    pending.push(...Object.values(node));
    if (!("type" in node && node.type === "variable" && "value" in node)) continue;
    const advice = refusedFunctions.get(String(node.value));
    if (advice === undefined) continue;
    const position = "position" in node ? Number(node.position) : 0;
    throw new MappingRefused(
      "expression",
      `$${node.value} is not available in mappings: ${advice}`,
      locate(expression, position, node.value),
    );
  }
}

/**
 * JSONata takes the local time zone for times without one, and today for what a picture leaves out. Here it is UTC and
 * the day of the event.
 */
async function buildToMillis(jsonata: Jsonata): Promise<JsonataFunction> {
  const original = await jsonata("$toMillis", { timeout: 0, stack: 0, sequence: 0 }).evaluate({});
  // A built-in function evaluates to the object that describes it.
  const { implementation } = original as { readonly implementation: JsonataFunction };
  return function (text: string | undefined, picture: string | undefined) {
    const isBare = picture === undefined && /T[\d:.]+$/.test(text ?? "");
    const { time } = this.environment.lookup("$") ?? {};
    const environment = { timestamp: new Date(typeof time === "string" ? time : 0) };
    return implementation.call({ environment }, isBare ? `${text}Z` : text, picture);
  };
}

const numberOrText = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Refuses what would silently become another number. Fractions are no danger: Odoo writes what a double holds. */
function readEvent(eventText: string): Readonly<Record<string, unknown>> {
  const numbers = /\d{16}/.test(eventText) ? (eventText.match(numberOrText) ?? []) : [];
  if (numbers.some((text) => /^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text)))) {
    throw new MappingRefused(
      "event",
      "the event holds a whole number of more than 15 digits, which would be rounded",
    );
  }
  // The text is a CloudEvent: an object.
  return JSON.parse(eventText) as Record<string, unknown>;
}

function writeEvent(event: Readonly<Record<string, unknown>>): string {
  if (event.data === undefined) {
    throw new MappingRefused("event", "it gives nothing for this event; check the names of the fields");
  }
  const body = JSON.stringify(event, refuseUnsendable);
  const bytes = new TextEncoder().encode(body).length;
  if (bytes > mappingLimits.bytes) {
    throw new MappingRefused("limit", `the result has ${bytes} bytes; ${mappingLimits.bytes} are allowed`);
  }
  return body;
}

function refuseUnsendable(key: string, value: unknown): unknown {
  const isFunction =
    typeof value === "function" ||
    (typeof value === "object" &&
      value !== null &&
      ("_jsonata_lambda" in value || "_jsonata_function" in value));
  if (isFunction)
    throw new MappingRefused("event", `the result holds a function at “${key}”; call it with ()`);
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new MappingRefused("event", `the number at “${key}” is too large`);
  }
  return value;
}
