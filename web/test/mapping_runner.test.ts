import { expect, test } from "vitest";
import type { MappingWorker, PreviewOutcome } from "../src/mapping/mapping_runner.ts";
import { MappingRunner } from "../src/mapping/mapping_runner.ts";

class WorkerDouble implements MappingWorker {
  onmessage: MappingWorker["onmessage"] = null;
  onerror: MappingWorker["onerror"] = null;
  readonly expressions: string[] = [];
  isTerminated = false;

  postMessage({ expression }: { expression: string }): void {
    this.expressions.push(expression);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  answer(body: string): void {
    this.onmessage?.({ data: { kind: "mapped", body } });
  }
}

function start(openWorker?: () => MappingWorker) {
  const workers: WorkerDouble[] = [];
  const outcomes: PreviewOutcome[] = [];
  const deadlines = new Set<() => void>();
  const runner = new MappingRunner({
    openWorker:
      openWorker ??
      (() => {
        const worker = new WorkerDouble();
        workers.push(worker);
        return worker;
      }),
    schedule(callback) {
      deadlines.add(callback);
      return () => deadlines.delete(callback);
    },
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  return { runner, workers, outcomes, deadlines };
}

test("only the latest of several expressions is run after the one under way, and only its outcome told", () => {
  const { runner, workers, outcomes } = start();
  runner.run("a", "{}");
  runner.run("ab", "{}");
  runner.run("abc", "{}");
  workers[0]?.answer("first");
  expect(outcomes).toEqual([]);
  workers[0]?.answer("last");
  expect(workers[0]?.expressions).toEqual(["a", "abc"]);
  expect(outcomes).toEqual([{ kind: "mapped", body: "last" }]);
});

test("an expression that does not end is ended with its worker, and the next one gets a new one", () => {
  const { runner, workers, outcomes, deadlines } = start();
  runner.run("endless", "{}");
  for (const expire of [...deadlines]) expire();
  expect(outcomes).toEqual([{ kind: "late" }]);
  expect(workers[0]?.isTerminated).toBe(true);
  runner.run("fine", "{}");
  workers[1]?.answer("ok");
  expect(outcomes[1]).toEqual({ kind: "mapped", body: "ok" });
  expect(deadlines.size).toBe(0);
});

test("a browser that opens no worker is told as such", () => {
  const { runner, outcomes } = start(() => {
    throw new Error("workers are forbidden");
  });
  runner.run("a", "{}");
  expect(outcomes).toEqual([{ kind: "unavailable" }]);
});

test("a closed runner tells nothing more and leaves no worker behind", () => {
  const { runner, workers, outcomes, deadlines } = start();
  runner.run("a", "{}");
  runner.close();
  expect(workers[0]?.isTerminated).toBe(true);
  expect(deadlines.size).toBe(0);
  expect(outcomes).toEqual([]);
});
