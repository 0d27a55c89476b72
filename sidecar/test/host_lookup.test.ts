import { expect, it } from "vitest";
import { type ResolvedAddress, shareLookups } from "../src/adapters/host_lookup.ts";

const loopback = [{ address: "127.0.0.1", family: 4 }];

/** A resolver whose answers the test gives. */
function startResolver() {
  const questions: { hostname: string; answer: PromiseWithResolvers<readonly ResolvedAddress[]> }[] = [];
  const resolve = shareLookups((hostname) => {
    const answer = Promise.withResolvers<readonly ResolvedAddress[]>();
    questions.push({ hostname, answer });
    return answer.promise;
  });
  return { resolve, questions };
}

it("asks once for a name that several connections wait for", async () => {
  const { resolve, questions } = startResolver();
  const answers = [resolve("a.example"), resolve("a.example"), resolve("b.example")];
  expect(questions.map((question) => question.hostname)).toEqual(["a.example", "b.example"]);
  for (const question of questions) question.answer.resolve(loopback);
  expect(await Promise.all(answers)).toEqual([loopback, loopback, loopback]);
});

it("keeps no answer: the next connection asks again", async () => {
  const { resolve, questions } = startResolver();
  const first = resolve("a.example");
  questions[0]?.answer.resolve(loopback);
  await first;
  void resolve("a.example");
  expect(questions).toHaveLength(2);
});

it("tells all of them of a failure, and forgets it", async () => {
  const { resolve, questions } = startResolver();
  const answers = Promise.allSettled([resolve("a.example"), resolve("a.example")]);
  questions[0]?.answer.reject(new Error("EAI_AGAIN"));
  expect((await answers).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  void resolve("a.example");
  expect(questions).toHaveLength(2);
});
