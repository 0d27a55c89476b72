/** Mappings that behave badly, in real processes. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it, vi } from "vitest";
import { ProcessMapper } from "../src/adapters/mapping/process_mapper.ts";

const never = new AbortController().signal;
const deadline = { timeout: 20_000, interval: 20 };
const event = JSON.stringify({ specversion: "1.0", time: "2026-11-20T08:31:54.123Z", data: { id: 42 } });
const mapped = { kind: "mapped", body: event.replace('{"id":42}', "42") };
/** No clock is looked at inside of a regular expression. */
const endlessRegex = `$match("${"a".repeat(40)}!", /^(a+)+$/)`;
/** Ends a process, whatever its threads may use. */
const exploding = '$pad("", 500000000)';

const mappers: ProcessMapper[] = [];
function openMapper(...options: ConstructorParameters<typeof ProcessMapper>): ProcessMapper {
  const mapper = new ProcessMapper(...options);
  mappers.push(mapper);
  return mapper;
}

afterEach(async () => {
  for (const mapper of mappers.splice(0)) await mapper.close();
});

it("maps many events at once, each by its own expression", async () => {
  const mapper = openMapper();
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) => mapper.apply(`data.id + ${index}`, event, never)),
  );
  const results = outcomes.map((outcome) => outcome.kind === "mapped" && JSON.parse(outcome.body).data);
  expect(results).toEqual(Array.from({ length: 50 }, (_, index) => 42 + index));
});

it.each([
  ["an endless regular expression", endlessRegex, /ran longer than/],
  ["an endless function", "($f := function($n) { $f($n) }; $f(1))", /ran longer than/],
  ["a text of half a gigabyte", exploding, /memory|length|longer/],
])("ends %s, and maps what comes next", async (_what, expression, reason) => {
  const mapper = openMapper();
  const outcome = await mapper.apply(expression, event, never);
  expect(outcome).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
  expect(await mapper.apply("data.id", event, never)).toEqual(mapped);
});

it("keeps nobody waiting behind an expression that was too slow once", async () => {
  const mapper = openMapper();
  await mapper.apply(endlessRegex, event, never);
  // Starts the process again that was ended with it.
  await mapper.apply("data.id", event, never);
  const finished: string[] = [];
  const slow = mapper.apply(endlessRegex, event, never).then(() => finished.push("slow"));
  // One after the other: each alone would get through in a gap.
  for (let index = 0; index < 3; index += 1) {
    await mapper.apply("data.id", event, never);
    finished.push("quick");
  }
  await slow;
  expect(finished.indexOf("slow")).toBe(3);
});

it("leaves the event loop to others while an expression runs for ever", async () => {
  const mapper = openMapper();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await mapper.apply(endlessRegex, event, never);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});

it("gives up what waits when the service stops", async () => {
  const mapper = openMapper();
  const stop = new AbortController();
  const runs = [endlessRegex, "data.id"].map((expression) => mapper.apply(expression, event, stop.signal));
  const settled = Promise.allSettled(runs);
  stop.abort();
  await mapper.close();
  expect((await settled).map(({ status }) => status)).toContain("rejected");
});

it("knows no secret of the sidecar", async () => {
  process.env.ODOO_API_KEY = "s3cret";
  const mapper = openMapper();
  const outcome = await mapper.apply('data.constructor.constructor("return process.env")()', event, never);
  delete process.env.ODOO_API_KEY;
  expect(outcome).toMatchObject({ kind: "refused" });
});

it("leaves no process behind when the sidecar is killed in the middle of an endless expression", async () => {
  const parent: ChildProcess = fork(fileURLToPath(new URL("support/mapper_parent.ts", import.meta.url)), [
    endlessRegex,
  ]);
  const [message] = await once(parent, "message");
  const { childPid } = message as { childPid: number };
  expect(isAlive(childPid)).toBe(true);
  parent.kill("SIGKILL");
  await vi.waitUntil(() => !isAlive(childPid), deadline);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process.
    return false;
  }
}
