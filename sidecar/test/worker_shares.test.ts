import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WorkerShares } from "../src/pipeline/worker_shares.ts";
import { ClockDouble } from "./doubles/clock_double.ts";
import { RollCallDouble } from "./doubles/roll_call_double.ts";

const shareMs = 15_000;
const endpointIds = [1, 2, 3, 4, 5];

/** The longest that an endpoint may take; then its deadline ends the request. */
const timeoutMs = 15_000;

/** A sidecar that starts as many requests as it may. They stay open until they are told to end or time out. */
class Worker {
  readonly name: string;
  readonly #clock: ClockDouble;
  readonly #rollCall: RollCallDouble;
  #shares: WorkerShares;
  /** Endpoint → when its open requests were started. */
  readonly #open = new Map<number, readonly number[]>();

  constructor(name: string, clock: ClockDouble, rollCall: RollCallDouble) {
    this.name = name;
    this.#clock = clock;
    this.#rollCall = rollCall;
    this.#shares = new WorkerShares(clock, shareMs);
  }

  /** @param isAnswerLost Odoo has noted it, and we do not learn */
  shake(concurrency: number, isAnswerLost: boolean): void {
    const askedAt = this.#clock.now();
    const isWithin = endpointIds.every(
      (id) => this.countOpen(id) <= this.#shares.countSlots(id, concurrency),
    );
    const standing = this.#rollCall.answer(this.name, isWithin ? this.#shares.roll : "");
    if (!isAnswerLost) this.#shares.note(standing, askedAt);
  }

  start(concurrency: number): void {
    const nowMs = this.#clock.now().getTime();
    for (const id of endpointIds) {
      const open = [...(this.#open.get(id) ?? [])];
      while (open.length < this.#shares.countSlots(id, concurrency)) open.push(nowMs);
      this.#open.set(id, open);
    }
  }

  finish(): void {
    this.#open.clear();
  }

  timeOut(): void {
    const nowMs = this.#clock.now().getTime();
    for (const [id, open] of this.#open) {
      this.#open.set(
        id,
        open.filter((startedAtMs) => nowMs - startedAtMs < timeoutMs),
      );
    }
  }

  /** Killed and started again under the same name. */
  restart(): void {
    this.finish();
    this.#shares = new WorkerShares(this.#clock, shareMs);
  }

  /** Has nothing under way, and goes on under the same name. */
  leave(): void {
    this.finish();
    this.#shares.leave();
    this.#rollCall.leave(this.name);
  }

  countOpen(endpointId: number): number {
    return this.#open.get(endpointId)?.length ?? 0;
  }

  get isSettled(): boolean {
    return this.#shares.isSettled;
  }

  countSlots(endpointId: number, concurrency: number): number {
    return this.#shares.countSlots(endpointId, concurrency);
  }
}

function buildWorkers(count: number) {
  const clock = new ClockDouble();
  const rollCall = new RollCallDouble(clock);
  const workers = Array.from({ length: count }, (_, index) => new Worker(`worker-${index}`, clock, rollCall));
  return { clock, workers };
}

const worker = fc.nat(2);
const isLost = fc.nat(9).map((chance) => chance === 0);
const of = <Kind extends string>(kind: Kind) => fc.record({ kind: fc.constant(kind), worker });
const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant("shake" as const), worker, isLost }) },
  { weight: 4, arbitrary: of("finish") },
  { weight: 1, arbitrary: of("restart") },
  { weight: 1, arbitrary: of("leave") },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(8_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(40_000) }) },
);

describe("several sidecars", () => {
  test("never have more requests under way than the concurrency, whatever gets lost, restarts or falls silent", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 120, size: "max" }),
        (slots, steps) => {
          const { clock, workers } = buildWorkers(3);
          for (const done of steps) {
            if (done.kind === "pass") {
              clock.jump(done.ms);
              for (const worker of workers) worker.timeOut();
            } else {
              const worker = workers[done.worker];
              if (done.kind === "shake") worker?.shake(slots, done.isLost);
              else worker?.[done.kind]();
            }
            for (const worker of workers) worker.start(slots);
            for (const id of endpointIds) {
              const open = workers.reduce((sum, worker) => sum + worker.countOpen(id), 0);
              expect(open).toBeLessThanOrEqual(slots);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("agree within four rounds of handshakes, and then use every slot", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 20 }), (count, slots) => {
        const { workers } = buildWorkers(count);
        for (let round = 0; round < 4; round += 1) {
          for (const worker of workers) worker.shake(slots, false);
        }
        expect(workers.every((worker) => worker.isSettled)).toBe(true);
        for (const id of endpointIds) {
          expect(workers.reduce((sum, worker) => sum + worker.countSlots(id, slots), 0)).toBe(slots);
        }
      }),
    );
  });

  test("use nothing any more when they have not heard from Odoo for as long as a share lasts", () => {
    const { clock, workers } = buildWorkers(1);
    workers[0]?.shake(4, false);
    clock.jump(shareMs - 1);
    expect(workers[0]?.countSlots(1, 4)).toBe(4);
    clock.jump(1);
    expect(workers[0]?.countSlots(1, 4)).toBe(0);
    workers[0]?.shake(4, false);
    expect(workers[0]?.countSlots(1, 4)).toBe(4);
  });

  test("keep no share that was given away while they were silent, although the same ones meet again", () => {
    const { clock, workers } = buildWorkers(2);
    const [one, two] = workers;
    for (const worker of [...workers, ...workers, ...workers]) worker.shake(4, false);
    for (let beat = 0; beat < 5; beat += 1) {
      clock.jump(7_000);
      one?.shake(4, false);
    }
    expect(one?.countSlots(1, 4)).toBe(4);
    two?.shake(4, false);
    expect(two?.countSlots(1, 4)).toBe(0);
  });
});
