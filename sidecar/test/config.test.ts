import { describe, expect, test } from "vitest";
import { ConfigInvalid, readConfig } from "../src/config.ts";

const complete = {
  ODOO_URL: "http://odoo:8069",
  ODOO_DATABASE: "production",
  ODOO_LOGIN: "integration_sidecar",
  ODOO_API_KEY: "key-0123456789",
  AMQP_URL: "amqp://user:broker-password@rabbitmq:5672/",
};

const own = { hostName: "host", pid: 1 };

function readRefusal(env: Record<string, string | undefined>): string {
  try {
    readConfig(env, own);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.message;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("the configuration", () => {
  test("needs five variables and has a default for every other", () => {
    expect(readConfig(complete, own)).toEqual({
      databases: [
        {
          name: "production",
          url: new URL("http://odoo:8069"),
          database: "production",
          login: "integration_sidecar",
          apiKey: "key-0123456789",
          transport: "auto",
        },
      ],
      amqpUrl: complete.AMQP_URL,
      http: { host: "127.0.0.1", port: 8070 },
      pollIntervalMs: 2000,
      workerName: "host:8070",
      maxInFlight: 256,
      logLevel: "info",
    });
  });

  test("takes every variable as given", () => {
    const config = readConfig(
      {
        ...complete,
        ODOO_TRANSPORT: "xmlrpc",
        HTTP_HOST: "0.0.0.0",
        HTTP_PORT: "9000",
        POLL_INTERVAL_MS: "500",
        MAX_IN_FLIGHT: "64",
        WORKER_NAME: "blue",
        LOG_LEVEL: "debug",
      },
      own,
    );
    expect(config).toMatchObject({
      http: { host: "0.0.0.0", port: 9000 },
      pollIntervalMs: 500,
      maxInFlight: 64,
      workerName: "blue",
      logLevel: "debug",
    });
    expect(config.databases[0]?.transport).toBe("xmlrpc");
  });

  test("treats an empty variable as not set", () => {
    expect(readConfig({ ...complete, WORKER_NAME: "", ODOO_TRANSPORT: "" }, own).workerName).toBe(
      "host:8070",
    );
  });

  test("names the worker so that it has the same name after a restart, where its port is fixed", () => {
    expect(readConfig({ ...complete, HTTP_PORT: "9000" }, own).workerName).toBe("host:9000");
    expect(readConfig({ ...complete, HTTP_PORT: "0" }, own).workerName).toBe("host:1");
  });

  test("says what was expected, what came and what would do", () => {
    expect(readRefusal({ ...complete, ODOO_URL: "odoo:8069" })).toBe(
      'IM_CONFIG_INVALID: ODOO_URL must be an absolute http(s) URL, got "odoo:8069". Example: http://odoo:8069',
    );
    expect(readRefusal({ ...complete, ODOO_TRANSPORT: "soap" })).toBe(
      'IM_CONFIG_INVALID: ODOO_TRANSPORT must be one of auto, json2, xmlrpc, got "soap". Example: auto',
    );
    expect(readRefusal({ ...complete, HTTP_PORT: "70000" })).toBe(
      'IM_CONFIG_INVALID: HTTP_PORT must be a whole number from 0 to 65535, got "70000". Example: 8070',
    );
  });

  test("reports all problems at once", () => {
    const lines = readRefusal({ ODOO_URL: "ftp://odoo", HTTP_PORT: "x" }).split("\n");
    expect(lines.map((line) => line.split(" ")[1]).sort()).toEqual([
      "AMQP_URL",
      "HTTP_PORT",
      "ODOO_API_KEY",
      "ODOO_DATABASE",
      "ODOO_LOGIN",
      "ODOO_URL",
    ]);
  });

  test.each(["AMQP_URL", "ODOO_API_KEY"] as const)("never shows the value of %s", (name) => {
    const refusal = readRefusal({ ...complete, [name]: " hunter2 amqp//x:hunter2@y" });
    expect(refusal).toContain(name);
    expect(refusal).not.toContain("hunter2");
  });

  test.each(["http://me:hunter2@odoo", "http://me:hunter2/x@odoo", "me:hunter2@odoo"])(
    "hides credentials in a URL that should have none: %s",
    (url) => {
      expect(readRefusal({ ...complete, ODOO_URL: url })).not.toContain("hunter2");
    },
  );

  test.each(["http://odoo:8069/web", "http://user@odoo", "http://odoo?db=x", "//odoo"])(
    "refuses %s as ODOO_URL",
    (url) => {
      expect(readRefusal({ ...complete, ODOO_URL: url })).toContain("ODOO_URL");
    },
  );
});
