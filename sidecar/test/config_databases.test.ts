import { describe, expect, test } from "vitest";
import { type DatabaseConfig, readDatabases } from "../src/config_databases.ts";

const one = { url: "http://odoo:8069", database: "north", login: "sidecar", api_key: "key-north-hunter2" };
const two = { url: "https://odoo.example", database: "south", login: "sidecar", api_key_file: "/run/south" };

/** @param files what lies on the disk, by path */
function read(env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  return readDatabases(env, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return text;
  });
}

function readFileOf(list: unknown, files: Readonly<Record<string, string>> = {}) {
  return read(
    { ODOO_DATABASES_FILE: "/databases.json" },
    { "/databases.json": JSON.stringify(list), ...files },
  );
}

function expectDatabases(result: ReturnType<typeof read>): readonly DatabaseConfig[] {
  if (result.kind === "invalid") throw new Error(result.problems.join("\n"));
  return result.databases;
}

function expectProblems(result: ReturnType<typeof read>): readonly string[] {
  if (result.kind === "read") throw new Error("expected a refusal");
  return result.problems;
}

const environment = {
  ODOO_URL: "http://odoo:8069",
  ODOO_DATABASE: "production",
  ODOO_LOGIN: "sidecar",
};

describe("one database from the environment", () => {
  test("may have its key in a file, whose last line feed does not count", () => {
    const databases = expectDatabases(
      read({ ...environment, ODOO_API_KEY_FILE: "/run/key" }, { "/run/key": "key-1\n" }),
    );
    expect(databases.map(({ name, apiKey }) => [name, apiKey])).toEqual([["production", "key-1"]]);
  });

  test("cannot have a key and a file", () => {
    const env = { ...environment, ODOO_API_KEY: "hunter2", ODOO_API_KEY_FILE: "/run/key" };
    expect(expectProblems(read(env, { "/run/key": "x" }))).toEqual([
      "ODOO_API_KEY must not be set beside ODOO_API_KEY_FILE: choose one",
    ]);
  });

  test("says which file of a key cannot be read, once", () => {
    expect(expectProblems(read({ ...environment, ODOO_API_KEY_FILE: "/run/key" }))).toEqual([
      "ODOO_API_KEY_FILE must be a file that can be read: ENOENT",
    ]);
  });

  test("needs something in that file", () => {
    const problems = expectProblems(
      read({ ...environment, ODOO_API_KEY_FILE: "/run/key" }, { "/run/key": "\n" }),
    );
    expect(problems[0]).toMatch(/^ODOO_API_KEY must be an API key of the service account/);
  });
});

describe("several databases from a file", () => {
  test("have what they need, and their database as name unless they are given one", () => {
    const databases = expectDatabases(
      readFileOf([one, { ...two, name: "branch", transport: "xmlrpc" }], { "/run/south": "key-south\n" }),
    );
    expect(databases).toEqual([
      {
        name: "north",
        url: new URL("http://odoo:8069"),
        database: "north",
        login: "sidecar",
        apiKey: "key-north-hunter2",
        transport: "auto",
      },
      {
        name: "branch",
        url: new URL("https://odoo.example"),
        database: "south",
        login: "sidecar",
        apiKey: "key-south",
        transport: "xmlrpc",
      },
    ]);
  });

  test("report all their problems at once, each with its place", () => {
    expect(
      expectProblems(
        readFileOf([{ ...one, url: "odoo:8069", login: "" }, { ...two, apikey: "hunter2" }, "south"], {}),
      ),
    ).toEqual([
      'ODOO_DATABASES_FILE[0].url must be an absolute http(s) URL, got "odoo:8069". Example: http://odoo:8069',
      'ODOO_DATABASES_FILE[0].login must be the login of the service account, got "". Example: integration_sidecar',
      "ODOO_DATABASES_FILE[1].api_key_file must be a file that can be read: ENOENT",
      "ODOO_DATABASES_FILE[1] must have no key apikey",
      "ODOO_DATABASES_FILE[2] must be an object, got string",
    ]);
  });

  test("cannot stand beside variables for one database", () => {
    const env = {
      ODOO_DATABASES_FILE: "/databases.json",
      ODOO_URL: "http://odoo:8069",
      ODOO_API_KEY: "hunter2",
    };
    expect(expectProblems(read(env, { "/databases.json": JSON.stringify([one]) }))).toEqual([
      "ODOO_URL must not be set beside ODOO_DATABASES_FILE: put it into the file",
      "ODOO_API_KEY must not be set beside ODOO_DATABASES_FILE: put it into the file",
    ]);
  });

  test("are each named once, by place and by name", () => {
    expect(expectProblems(readFileOf([one, { ...one, name: "again" }]))).toEqual([
      'ODOO_DATABASES_FILE must name each database once, got "north" of http://odoo:8069 twice',
    ]);
    expect(expectProblems(readFileOf([one, { ...one, url: "http://other:8069" }]))).toEqual([
      'ODOO_DATABASES_FILE must give each database another name, got "north" twice. Set "name"',
    ]);
  });

  test.each([
    ["missing", {}, /must be a file that can be read, got "\/databases.json": ENOENT/],
    ["no JSON", { "/databases.json": "url: hunter2" }, /must hold JSON/],
    [
      "an object",
      { "/databases.json": '{"api_key": "hunter2"}' },
      /must hold a list of at least one database/,
    ],
    ["empty", { "/databases.json": "[]" }, /must hold a list of at least one database/],
  ])("need a file that is not %s, and its text is never shown", (_case, files, expected) => {
    const problems = expectProblems(read({ ODOO_DATABASES_FILE: "/databases.json" }, files));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
    expect(problems[0]).not.toContain("hunter2");
  });

  test("never show a key, whatever else is wrong", () => {
    const problems = expectProblems(
      readFileOf([{ ...one, url: 7, api_key: " hunter2" }, { api_key: ["hunter2"] }]),
    );
    expect(problems.length).toBeGreaterThan(3);
    expect(problems.join()).not.toContain("hunter2");
  });
});
