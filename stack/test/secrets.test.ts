import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSecrets, readSecrets } from "../secrets.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-secrets-"));
  file = join(folder, "secrets.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a new stack has a key of 32 bytes for Odoo, readable by its owner only", () => {
  createSecrets(file, "p");
  expect(Buffer.from(readSecrets(file).odooSecretKey, "base64")).toHaveLength(32);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test("a stack from before there was a key gets one and keeps it, and its passwords", () => {
  const old = { postgresPassword: "p", amqpPassword: "a", erlangCookie: "c" };
  writeFileSync(file, JSON.stringify(old));
  const first = readSecrets(file);
  expect(first).toMatchObject(old);
  expect(readSecrets(file)).toEqual(first);
  expect(readFileSync(file, "utf8")).toContain(first.odooSecretKey);
});

test("two stacks have different keys", () => {
  createSecrets(file, "p");
  const first = readSecrets(file).odooSecretKey;
  createSecrets(file, "p");
  expect(readSecrets(file).odooSecretKey).not.toBe(first);
});
