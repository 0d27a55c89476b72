import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { checkoutDir } from "../paths.ts";

// No engine is needed for this; where the client's plugin is there, `docker compose config` runs as well (the
// lint phase).

const service = z.looseObject({
  image: z.string().optional(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()).min(2) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const compose = z
  .looseObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(readFileSync(join(checkoutDir, "docker-compose.yml"), "utf8")));
const services = Object.entries(compose.services);

function need(name: string): z.infer<typeof service> {
  const found = compose.services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

test("names the promised images", () => {
  const images = ["postgres", "rabbitmq", "odoo"].map((name) => need(name).image);
  expect(images).toEqual(["postgres:16", "rabbitmq:4-management", "odoo:19.0"]);
});

test("every long-running service says how its health is checked", () => {
  const without = services.filter(([, { healthcheck }]) => !healthcheck).map(([name]) => name);
  expect(without).toEqual(["prepare"]);
});

test("starts each service only when what it needs is ready", () => {
  const conditions = services.flatMap(([name, { depends_on = {} }]) =>
    Object.entries(depends_on).map(([other, { condition }]) => `${name} after ${other} ${condition}`),
  );
  expect(conditions.sort()).toEqual([
    "odoo after prepare service_completed_successfully",
    "prepare after postgres service_healthy",
    "prepare after receiver service_healthy",
    "sidecar after odoo service_healthy",
    "sidecar after rabbitmq service_healthy",
  ]);
  for (const [, { depends_on = {} }] of services) {
    for (const name of Object.keys(depends_on)) expect(compose.services).toHaveProperty(name);
  }
});

test("mounts only files that exist and volumes that are declared", () => {
  for (const mount of services.flatMap(([, { volumes = [] }]) => volumes)) {
    const [source = ""] = mount.split(":");
    if (source.startsWith(".")) expect(existsSync(join(checkoutDir, source)), mount).toBe(true);
    else expect(compose.volumes, mount).toHaveProperty(source);
  }
});

test("publishes ports on this machine only", () => {
  const ports = services.flatMap(([, { ports: published = [] }]) => published);
  expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
});

test("takes every password from the environment, with a default for trying", () => {
  const values = services.flatMap(([, { environment = {} }]) => Object.entries(environment));
  const passwords = values.filter(([name]) => /PASS/.test(name)).map(([, value]) => value);
  expect(passwords.length).toBeGreaterThan(0);
  for (const value of passwords) expect(value).toMatch(/^\$\{[A-Z_]+:-\w+\}$/);
});

test.each(["sidecar", "receiver"])("builds %s with the steps the native way runs", (name) => {
  const file = need(name).build?.dockerfile ?? "";
  const steps = readFileSync(join(checkoutDir, file), "utf8");
  expect(steps).toMatch(/^FROM node:24/m);
  expect(steps).toMatch(/^RUN npm ci/m);
  const copied = [...steps.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, sources]) => sources?.split(" ") ?? []);
  for (const source of copied) expect(existsSync(join(checkoutDir, source)), source).toBe(true);
  const command = /^CMD \["node", "(.+)"\]$/m.exec(steps)?.[1] ?? "";
  const native = readFileSync(join(checkoutDir, "stack/services/node_services.ts"), "utf8");
  for (const part of command.split('", "')) expect(native).toContain(`"${part}"`);
});

test("the build context holds what the Dockerfiles copy", () => {
  const kept = readFileSync(join(checkoutDir, ".dockerignore"), "utf8").match(/^!.+$/gm);
  expect(kept).toEqual(["!package.json", "!package-lock.json", "!sidecar/src", "!stack/receiver"]);
});

test("prepares the database with the script the native way runs", () => {
  expect(need("prepare").volumes).toContain("./stack/odoo_setup.py:/opt/odoo_setup.py:ro");
  const parameters: unknown = JSON.parse(need("prepare").environment?.STACK_PARAMETERS ?? "");
  expect(Object.keys(parameters as object).sort()).toEqual(["key_file", "odoo_url", "receiver_url"]);
});
