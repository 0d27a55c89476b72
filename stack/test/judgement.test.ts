import { describe, expect, test } from "vitest";
import { judgePlaywrightReport } from "../testing/e2e_phase.ts";
import { judgeOdooLog } from "../testing/odoo_log.ts";
import { judgePhase, summarise } from "../testing/phase.ts";
import { judgeVitestReport } from "../testing/vitest_phase.ts";

const info = "2026-11-20 09:00:00,001 77 INFO odoo_tests";
const total = `${info} odoo.tests.result: 0 failed, 0 error(s) of 12 tests when loading database 'odoo_tests'`;
const hoot = `${info} odoo.addons.web.browser: [HOOT] Passed 9 tests (30 assertions, total time: 812ms)`;

describe("Odoo's log", () => {
  test("counts Python and browser tests", () => {
    expect(judgeOdooLog(`${hoot}\n${total}`, true)).toMatchObject({ passed: 21, failed: 0, faults: [] });
  });

  test("failures and errors count as failed", () => {
    const log = total.replace("0 failed, 0 error(s)", "1 failed, 2 error(s)");
    expect(judgeOdooLog(log, false)).toMatchObject({ passed: 9, failed: 3 });
  });

  test("a skipped test is a failure", () => {
    const skipped = `${info} odoo.addons.x.tests.test_y: skipped test_tour (TestY) : websocket-client missing`;
    const result = judgeOdooLog(`${skipped}\n${hoot}\n${total}`, true);
    expect(result).toMatchObject({ passed: 20, failed: 1 });
    expect(result.faults[0]).toContain("skipped test_tour");
  });

  test("a run without browser tests is a failure", () => {
    expect(judgeOdooLog(total, true)).toMatchObject({ failed: 1, faults: ["no browser test (hoot) ran"] });
  });

  test("a run that ended early is a failure", () => {
    expect(judgeOdooLog(`${info} odoo: starting`, false).failed).toBe(1);
  });

  test("tags that match nothing are a failure", () => {
    expect(judgeOdooLog(total.replace("12 tests", "0 tests"), false)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("an error that was only logged is a failure", () => {
    const error = "2026-11-20 09:00:00,001 77 ERROR odoo_tests odoo.sql_db: bad query";
    expect(judgeOdooLog(`${error}\n${total}`, false)).toMatchObject({ passed: 12, failed: 1 });
  });
});

describe("vitest's report", () => {
  const report = {
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [{ name: "a.test.ts", status: "passed", message: "", assertionResults: [{}] }],
  };

  test("passes when every test did", () => {
    expect(judgeVitestReport(report)).toMatchObject({ passed: 5, failed: 0 });
  });

  test("a file that cannot be loaded is a failure", () => {
    const broken = { name: "b.test.ts", status: "failed", message: "SyntaxError", assertionResults: [] };
    const result = judgeVitestReport({ ...report, testResults: [...report.testResults, broken] });
    expect(result).toMatchObject({ passed: 5, failed: 1 });
  });

  test("skipped and planned tests are failures", () => {
    expect(judgeVitestReport({ ...report, numPendingTests: 2, numTodoTests: 1 }).failed).toBe(3);
  });
});

describe("Playwright's report", () => {
  const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 };

  test("passes when every test did", () => {
    expect(judgePlaywrightReport({ stats, errors: [] })).toMatchObject({ passed: 3, failed: 0 });
  });

  test("a test that passed only when repeated is a failure", () => {
    expect(judgePlaywrightReport({ stats: { ...stats, flaky: 1 }, errors: [] }).failed).toBe(1);
  });

  test("an error outside of any test is a failure", () => {
    const errors = [{ message: "no stack\nat x" }];
    expect(judgePlaywrightReport({ stats, errors })).toMatchObject({ failed: 1, faults: ["no stack"] });
  });
});

test("the last line sums all phases", () => {
  const one = judgePhase("lint", { passed: 4, failed: 0, skipped: 0 });
  const two = judgePhase("odoo", { passed: 10, failed: 1, skipped: 1 });
  expect(summarise([one, two]).split("\n").at(-1)).toBe("14 passed, 2 failed");
});
