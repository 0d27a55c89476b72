import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listFiles, writeEnvironment } from "../src/setup/sidecar_files.ts";

const CONNECTION = {
  odooUrl: "https://odoo.example.org",
  database: "north",
  login: "integration_sidecar",
  apiKey: "0123456789abcdef",
  amqpUrl: "amqps://integration:s3cr$t#!@rabbitmq.example.org:5671/north",
};

test("Node reads from the file exactly what the page was told", () => {
  const folder = mkdtempSync(join(tmpdir(), "im_environment_"));
  try {
    const file = join(folder, "integration_sidecar.env");
    writeFileSync(file, writeEnvironment({ ...CONNECTION, database: "a database's $name" }));
    const script = "process.stdout.write(JSON.stringify(process.env))";
    const run = spawnSync(process.execPath, [`--env-file=${file}`, "-e", script], {
      env: {},
      encoding: "utf8",
    });
    expect(JSON.parse(run.stdout)).toMatchObject({
      ODOO_URL: CONNECTION.odooUrl,
      ODOO_DATABASE: "a database's $name",
      ODOO_LOGIN: CONNECTION.login,
      ODOO_API_KEY: CONNECTION.apiKey,
      AMQP_URL: CONNECTION.amqpUrl,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a key that is not at hand leaves a place for it", () => {
  expect(writeEnvironment({ ...CONNECTION, apiKey: "" })).toContain("ODOO_API_KEY='<the API key>'\n");
});

test("every way to run it gets the environment, and the key is in that file only", () => {
  for (const kind of ["compose", "systemd", "npm"] as const) {
    const [environment, ...others] = listFiles(kind, CONNECTION);
    expect(environment?.text).toBe(writeEnvironment(CONNECTION));
    expect(others).toHaveLength(1);
    expect(others[0]?.text).not.toContain(CONNECTION.apiKey);
  }
});
