import { describe, expect, test } from "vitest";
import { RequestBudget } from "../src/pipeline/request_budget.ts";

/** Has work without end: takes a slot whenever it may, and ends the oldest request when told. */
class User {
  inFlightCount = 0;
  isHungry = true;
  readonly #budget: RequestBudget;

  constructor(budget: RequestBudget) {
    this.#budget = budget;
  }

  start(): void {
    while (this.isHungry && this.#budget.take(this, () => this.start())) this.inFlightCount += 1;
  }

  end(): void {
    this.inFlightCount -= 1;
    this.#budget.release();
    this.start();
  }
}

function build(max: number, count: number) {
  const budget = new RequestBudget(max);
  return { budget, users: Array.from({ length: count }, () => new User(budget)) as [User, User, User] };
}

describe("the budget of requests", () => {
  test("gives a user everything while nobody else wants any", () => {
    const { budget, users } = build(4, 3);
    users[0].start();
    expect([users[0].inFlightCount, budget.inFlightCount]).toEqual([4, 4]);
  });

  test("gives freed slots to who has the fewest, until all have the same", () => {
    const { budget, users } = build(6, 3);
    for (const user of users) user.start();
    expect(users.map((user) => user.inFlightCount)).toEqual([6, 0, 0]);
    for (let turn = 0; turn < 4; turn += 1) users[0].end();
    expect(users.map((user) => user.inFlightCount)).toEqual([2, 2, 2]);
    expect(budget.inFlightCount).toBe(6);
  });

  test("keeps a slot for a healthy user beside one that would take all and answers never", () => {
    const { users } = build(3, 3);
    const [hanging, healthy] = users;
    hanging.start();
    healthy.start();
    hanging.end();
    for (let turn = 0; turn < 100; turn += 1) {
      expect([hanging.inFlightCount, healthy.inFlightCount]).toEqual([2, 1]);
      healthy.end();
    }
  });

  test("gives turns to any number of users whose work ends at once, as outdated copies do", () => {
    const budget = new RequestBudget(1);
    const users = Array.from({ length: 20_000 }, () => ({ inFlightCount: 0, leftCount: 2 }));
    const start = (user: { inFlightCount: number; leftCount: number }) => {
      while (user.leftCount > 0 && budget.take(user, () => start(user))) {
        user.leftCount -= 1;
        budget.release();
      }
    };
    expect(budget.take({ inFlightCount: 1 }, () => {})).toBe(true);
    for (const user of users) start(user);
    budget.release();
    expect(budget.inFlightCount).toBe(0);
    expect(users.filter(({ leftCount }) => leftCount > 0)).toEqual([]);
  });

  test("passes over a user that wants nothing any more", () => {
    const { budget, users } = build(1, 3);
    for (const user of users) user.start();
    users[1].isHungry = false;
    users[0].isHungry = false;
    users[0].end();
    expect(users.map((user) => user.inFlightCount)).toEqual([0, 0, 1]);
    users[2].isHungry = false;
    users[2].end();
    expect(budget.inFlightCount).toBe(0);
    users[1].isHungry = true;
    users[1].start();
    expect(users[1].inFlightCount).toBe(1);
  });
});
