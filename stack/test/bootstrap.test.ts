import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkoutDir } from "../paths.ts";

let dir: string;
let checkout: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "bootstrap-test-"));
  checkout = join(dir, "checkout");
  mkdirSync(join(checkout, "stack"), { recursive: true });
  for (const file of ["bootstrap.mjs", "usage.mjs"]) {
    copyFileSync(join(checkoutDir, "stack", file), join(checkout, "stack", file));
  }
  writeFileSync(join(checkout, "package-lock.json"), "{}");
});

afterEach(() => rmSync(dir, { recursive: true }));

function runBuild() {
  const run = spawnSync(process.execPath, [join(checkout, "stack/bootstrap.mjs"), "build"], {
    encoding: "utf8",
  });
  return { status: run.status, text: run.stderr };
}

test("node_modules that are a link are refused, and what the link leads to stays as it is", () => {
  const target = join(dir, "elsewhere");
  mkdirSync(target);
  writeFileSync(join(target, "precious"), "");
  symlinkSync(target, join(checkout, "node_modules"));
  const { status, text } = runBuild();
  expect(status).toBe(1);
  expect(text).toContain(`it is a link to ${target}`);
  expect(text).toContain("rm node_modules");
  expect(existsSync(join(target, "precious"))).toBe(true);
});

test("a link that leads nowhere is refused too", () => {
  symlinkSync(join(dir, "gone"), join(checkout, "node_modules"));
  expect(runBuild()).toEqual({ status: 1, text: expect.stringContaining("a link to nothing") });
});
