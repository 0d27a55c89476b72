import { expect, test } from "vitest";
import { parseStartOptions } from "../start_options.ts";
import { parseTestOptions } from "../test_options.ts";

test("without options the sample data are wanted and no port is fixed", () => {
  const expected = { ports: {}, isReset: false, wantsSample: true, hasControl: false };
  expect(parseStartOptions([])).toEqual(expected);
});

test("a port is fixed by its option", () => {
  expect(parseStartOptions(["--odoo-port=9000", "--amqp-port", "9001"]).ports).toEqual({
    odoo: 9000,
    amqp: 9001,
  });
});

test.each(["0", "65536", "80.5", "http", ""])("%j is no port", (text) => {
  expect(() => parseStartOptions([`--odoo-port=${text}`])).toThrow(`--odoo-port must be a port number`);
});

test("an unknown option is refused and help is named", () => {
  expect(() => parseStartOptions(["--port=1"])).toThrow(/'--port'[\s\S]*npm start -- --help/);
});

test("all phases run unless some are chosen", () => {
  expect([...parseTestOptions([]).phases]).toEqual(["lint", "vitest", "odoo", "e2e", "chaos"]);
  expect([...parseTestOptions(["--only=odoo", "--only=lint"]).phases]).toEqual(["odoo", "lint"]);
});

test("a phase that does not exist is refused", () => {
  expect(() => parseTestOptions(["--only=unit"])).toThrow(
    'one of lint, vitest, odoo, e2e, chaos, got "unit"',
  );
});
