import { describe, expect, it } from "vitest";
import { classifyFault, classifyStatus, faultTable, statusTable } from "../../src/domain/classification.ts";
import { failureClasses } from "../../src/domain/delivery.ts";

describe("classifyStatus", () => {
  it.each([
    [300, "redirect"],
    [301, "redirect"],
    [307, "redirect"],
    [399, "redirect"],
    [400, "contract"],
    [401, "auth"],
    [402, "rejected"],
    [403, "auth"],
    [404, "endpoint_missing"],
    [405, "contract"],
    [407, "auth"],
    [409, "conflict"],
    [410, "gone"],
    [413, "too_large"],
    [415, "contract"],
    [418, "rejected"],
    [422, "contract"],
    [451, "rejected"],
    [501, "server_error"],
    [505, "server_error"],
    [600, "rejected"],
    [999, "rejected"],
  ])("judges %i as %s for a person", (statusCode, failureClass) => {
    expect(classifyStatus(statusCode)).toMatchObject({ failureClass, fate: "permanent" });
  });

  it.each([
    [408, "timeout"],
    [425, "unavailable"],
    [429, "throttled"],
    [500, "server_error"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "unavailable"],
    [506, "server_error"],
    [529, "server_error"],
    [599, "server_error"],
  ])("judges %i as %s for another try", (statusCode, failureClass) => {
    expect(classifyStatus(statusCode)).toMatchObject({ failureClass, fate: "transient" });
  });

  it("knows every code a server can send", () => {
    for (let statusCode = 100; statusCode <= 999; statusCode += 1) {
      expect(failureClasses).toContain(classifyStatus(statusCode).failureClass);
    }
  });
});

describe("classifyFault", () => {
  it.each(["dns", "connect", "timeout", "reset", "tls"] as const)("tries again after %s", (failureClass) => {
    expect(classifyFault(failureClass)).toMatchObject({ failureClass, fate: "transient" });
  });

  it.each(["address_refused", "configuration", "payload", "poison"] as const)(
    "hands %s to a person",
    (failureClass) => {
      expect(classifyFault(failureClass)).toMatchObject({ failureClass, fate: "permanent" });
    },
  );
});

describe("the words of the tables", () => {
  const entries = [...statusTable, ...Object.values(faultTable)];

  it("exist for every failure class", () => {
    expect(Object.keys(faultTable).sort()).toEqual([...failureClasses].sort());
  });

  it("start a sentence that can go on", () => {
    expect(entries.filter((entry) => !/^[A-Z].*[^.:!]$/.test(entry.reason))).toEqual([]);
  });

  it("say what to do in whole sentences", () => {
    expect(entries.filter((entry) => !/^[A-Z].*\.$/.test(entry.whatToDo))).toEqual([]);
  });
});
