import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import { createMapper } from "../../src/domain/mapping.ts";
import { phraseRefusal } from "../../src/domain/mapping_refusal.ts";

const event = {
  specversion: "1.0",
  id: "8f8f1c3e-0000-4000-8000-000000000001",
  time: "2026-11-20T08:31:54.123Z",
  subject: "account.move/42",
  data: {
    id: 42,
    name: "INV/2026/00001 ü €",
    amount_total: { amount: "1234.50", currency: "USD" },
    partner_id: { id: 7, name: "Müller & Söhne" },
    line_ids: [
      { quantity: 2.5, display_type: "product" },
      { quantity: 0, display_type: "line_note" },
    ],
  },
};
const apply = createMapper(jsonata, { quotesValues: false });

async function mapData(expression: string, data: unknown = event.data): Promise<unknown> {
  const outcome = await apply(expression, JSON.stringify({ ...event, data }));
  if (outcome.kind === "refused") throw new Error(phraseRefusal(outcome));
  return JSON.parse(outcome.body).data;
}

async function refuse(expression: string, data?: unknown): Promise<string> {
  return mapData(expression, data).then(
    (result) => `mapped to ${JSON.stringify(result)}`,
    (error: Error) => error.message,
  );
}

describe("a mapping", () => {
  it("makes the data out of the whole event and leaves everything else as it is", async () => {
    const outcome = await apply('{"number": data.name, "document": subject}', JSON.stringify(event));
    const data = { number: "INV/2026/00001 ü €", document: "account.move/42" };
    expect(outcome).toEqual({ kind: "mapped", body: JSON.stringify({ ...event, data }) });
  });

  it.each([
    ["renames", '{"total": data.amount_total.amount}', { total: "1234.50" }],
    [
      "filters lines and keeps a list of one",
      '{"lines": data.line_ids[display_type = "product"].{"qty": quantity}[]}',
      { lines: [{ qty: 2.5 }] },
    ],
    [
      "adds constants",
      '$merge([data.partner_id, {"source": "odoo"}])',
      { ...event.data.partner_id, source: "odoo" },
    ],
    ["may give a list", "[data.line_ids.quantity]", [2.5, 0]],
    ["may give a bare value", "data.id", 42],
  ])("%s", async (_what, expression, expected) => {
    expect(await mapData(expression)).toEqual(expected);
  });

  it("keeps numbers, up to what a double holds", async () => {
    const data = { id: 9007199254740991, rate: 0.1, price: 1234567.891, negative: -5, big: 1e22 };
    expect(await mapData("data", data)).toEqual(data);
    const text = JSON.stringify(event).replace('"id":42', '"id":9007199254740993');
    expect(await apply("data", text)).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("rounded"),
    });
    const inText = JSON.stringify(event).replace("INV/2026/00001", "9007199254740993");
    expect(await apply("data.id", inText)).toMatchObject({ kind: "mapped" });
  });

  it("gives the same result at any time and in any time zone", async () => {
    const noon = Date.parse("2026-11-20T12:00:00Z");
    expect(await mapData('$toMillis("2026-11-20T12:00:00")')).toBe(noon);
    expect(await mapData('$toMillis("12:00", "[H01]:[m01]")')).toBe(noon);
    expect(await mapData('$fromMillis($toMillis(time), "[Y]-[M01]-[D01]")')).toBe("2026-11-20");
  });
});

describe("a mapping is refused with its place", () => {
  it.each([
    ["where a bracket is missing", '{\n  "a": (data.id\n}', "line 3, column 1: "],
    ["at the end", '{"a": 1', "line 1, column 8: "],
    [
      "where a name is no function",
      '{\n  "a": data.name,\n  "b": $frobnicate(data.id)\n}',
      "line 3, column 8: ",
    ],
    ["where types do not fit", '{"a":\n   data.name + 1}', "line 2, column 14: "],
    ["where an argument is wrong", '{\n  "a":\n    $uppercase(data.id)}', "line 3, column 5: "],
    ["where it asks for the time", '{"at": $now()}', "line 1, column 8: $now is not available"],
    ["where it draws lots, however that is written", "[1, 2] ~> $shuffle", "line 1, column 11: $shuffle"],
    ["where it makes up expressions", '$eval("$now()")', "line 1, column 1: $eval"],
    ["where it says so itself", '$error("No customer number")', "line 1, column 1: No customer number"],
  ])("%s", async (_what, expression, expected) => {
    expect(await refuse(expression)).toContain(expected);
  });

  it.each([
    ["gives nothing", "data.no_such_field", "gives nothing"],
    ["gives a function", '{"sum": $sum}', "function at “sum”"],
    ["gives a number JSON does not know", '{"share": 1 / 0}', "“share” is too large"],
    ["is too long", `data.id /*${"x".repeat(20_000)}*/`, "20000 are allowed"],
    [
      "gives too much",
      '($text := $pad("", 1000000, "x"); [$text, $text, $text, $text, $text, $text])',
      "are allowed",
    ],
    ["makes too long a list", "[1..10000000]", "more than 100000 items"],
    ["calls itself for ever", "($f := function($n) { 1 + $f($n) }; $f(1))", "calls itself too often"],
    ["loops for ever", "($f := function($n) { $f($n) }; $f(1))", "ran longer than 1 s"],
  ])("when it %s", async (_what, expression, expected) => {
    expect(await refuse(expression)).toContain(expected);
  });

  it("without quoting the document, unless asked to", async () => {
    const message = await refuse("$number(data.partner_id.name)");
    expect(message).toContain("Unable to cast value to a number");
    expect(message).not.toContain("Müller");
    const quoting = createMapper(jsonata, { quotesValues: true });
    const outcome = await quoting("$number(data.partner_id.name)", JSON.stringify(event));
    expect(outcome).toMatchObject({ reason: expect.stringContaining("Müller") });
  });

  it("and reaches nothing outside the event", async () => {
    expect(await refuse('data.constructor.constructor("return process")()')).not.toContain("mapped");
    expect(await refuse('$lookup(data, "__proto__")')).toContain("gives nothing");
    await refuse('data ~> | $ | {"__proto__": {"polluted": true}} |');
    expect("polluted" in {}).toBe(false);
  });
});
