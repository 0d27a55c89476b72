import { expect, test } from "vitest";
import type { Endpoint } from "../src/domain/delivery.ts";
import { EndpointDirectory } from "../src/pipeline/endpoint_directory.ts";
import { OdooUnavailable } from "../src/ports/odoo.ts";
import { buildEndpoint, recordLog } from "./builders.ts";
import { ClockDouble, settle } from "./doubles/clock_double.ts";
import { OdooDouble } from "./doubles/odoo_double.ts";

function build() {
  const clock = new ClockDouble();
  const odoo = new OdooDouble(clock);
  odoo.endpointList = [buildEndpoint({ id: 7 })];
  const seen: (readonly Endpoint[])[] = [];
  const directory = new EndpointDirectory({
    odoo,
    clock,
    log: recordLog().log,
    onChange: (endpoints) => seen.push(endpoints),
  });
  const stopping = new AbortController();
  const start = async () => {
    void directory.run(stopping.signal);
    await settle();
  };
  return { clock, odoo, seen, directory, start };
}

test("the directory reads the full list at start", async () => {
  const { directory, seen, start } = build();
  await start();
  await directory.whenLoaded();
  expect(seen).toEqual([[buildEndpoint({ id: 7 })]]);
});

test("the directory reads again for a new revision and not for the known one", async () => {
  const { odoo, seen, directory, start } = build();
  await start();
  directory.noteRevision(1);
  await settle();
  expect(seen.length).toBe(1);
  odoo.endpointRevision = 2;
  odoo.endpointList = [];
  directory.noteRevision(2);
  await settle();
  expect(seen.at(-1)).toEqual([]);
});

test("the directory keeps trying while Odoo is away", async () => {
  const { clock, odoo, seen, start } = build();
  odoo.failure = new OdooUnavailable("away");
  await start();
  await clock.advance(60_000);
  expect(seen).toEqual([]);
  odoo.failure = undefined;
  await clock.advance(15_000);
  expect(seen.length).toBe(1);
});

test("the directory heals by itself when a revision was read with old settings", async () => {
  const { clock, odoo, seen, start } = build();
  await start();
  odoo.endpointList = [buildEndpoint({ id: 7, state: "paused" })];
  await clock.advance(60_000);
  expect(seen.at(-1)?.[0]?.state).toBe("paused");
});
