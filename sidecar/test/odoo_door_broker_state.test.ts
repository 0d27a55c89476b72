import { expect, test } from "vitest";
import { createOdooDoor } from "../src/adapters/odoo_door.ts";
import { OdooRefused } from "../src/ports/odoo.ts";

const answer = {
  database_uuid: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  environment_uuid: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
  database: "clinic",
  odoo_version: "19.0",
  is_neutralized: false,
  wake_channel: "wake",
  endpoint_revision: 1,
  limits: { claim_limit: 1000, lease_s: 60, share_s: 15 },
  workers: false,
  server_time: "2026-11-20T08:32:00.000Z",
};

/** A door to an Odoo that gives these answers in turn, and what each handshake said. */
function openDoor(...answers: readonly (object | Error)[]) {
  const said: Record<string, unknown>[] = [];
  const left = [...answers];
  const door = createOdooDoor({
    name: "json2",
    call: async (_method, named) => {
      said.push(named);
      const next = left.shift();
      if (next instanceof Error) throw next;
      return next;
    },
    close: async () => {},
  });
  return { door, said };
}

const newer = { ...answer, takes_broker_state: true };

test("an Odoo that asks for it is told about the broker from the second handshake on", async () => {
  const { door, said } = openDoor(newer, newer);
  await door.handshake("worker-1", "0.1.0", "", false);
  await door.handshake("worker-1", "0.1.0", "", false);
  expect(said.map((named) => named.broker_connected)).toEqual([undefined, false]);
});

test("an earlier Odoo, which refuses arguments it does not know, is never told", async () => {
  const { door, said } = openDoor(answer, answer);
  await door.handshake("worker-1", "0.1.0", "", true);
  await door.handshake("worker-1", "0.1.0", "", true);
  expect(said.some((named) => "broker_connected" in named)).toBe(false);
});

test("nothing is told as long as nothing is known", async () => {
  const { door, said } = openDoor(newer, newer);
  await door.handshake("worker-1", "0.1.0");
  await door.handshake("worker-1", "0.1.0");
  expect(said.some((named) => "broker_connected" in named)).toBe(false);
});

test("an Odoo that was set back to an earlier version refuses once", async () => {
  const { door, said } = openDoor(newer, new OdooRefused("unexpected argument"), answer);
  await door.handshake("worker-1", "0.1.0", "", true);
  await expect(door.handshake("worker-1", "0.1.0", "", true)).rejects.toThrow(OdooRefused);
  await door.handshake("worker-1", "0.1.0", "", true);
  expect(said.map((named) => named.broker_connected)).toEqual([undefined, true, undefined]);
});
