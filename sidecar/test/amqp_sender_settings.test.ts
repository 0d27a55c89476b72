import { describe, expect, it } from "vitest";
import { buildEndpoint } from "./builders.ts";
import { confirmed, eventHeaders, openAmqpSender, postEvent } from "./doubles/amqp_stage.ts";
import { cleanUpAfterEach } from "./doubles/sender_stage.ts";
import { startReceiverBroker } from "./support/receiver_broker.ts";

cleanUpAfterEach();

describe("settings that no message can be published with", () => {
  it.each([
    ["an address without host", { url: "amqps:///orders" }, "configuration"],
    ["an HTTP address", { url: "https://broker.example.com/" }, "configuration"],
    ["a password in the address", { url: "amqps://guest:canary@broker.example.com/" }, "configuration"],
    ["a bearer token", { auth: { kind: "bearer", secret: "canary" } }, "configuration"],
    ["no authentication", { auth: { kind: "none" } }, "configuration"],
    ["an unknown placeholder", { amqp: { exchange: "", routingKey: "{colour}" } }, "configuration"],
    ["a key that grows too long", { amqp: { exchange: "", routingKey: "x".repeat(256) } }, "configuration"],
    ["a private address", { url: "amqps://10.1.2.3/", allowedAddresses: [] }, "address_refused"],
    ["a disguised address", { url: "amqps://0x7f.1/", allowedAddresses: [] }, "address_refused"],
    ["an address without TLS", { url: "amqp://93.184.215.14/", allowedAddresses: [] }, "address_refused"],
  ] as const)("%s", async (_, shown, failureClass) => {
    const broker = await startReceiverBroker();
    const answer = await postEvent(openAmqpSender(), broker.endpoint(shown));
    expect(answer).toMatchObject({ kind: "broken", failureClass });
    expect(JSON.stringify(answer)).not.toContain("canary");
    expect(broker.proxy.openedCount).toBe(0);
  });

  it("an event that is no CloudEvent", async () => {
    const endpoint = buildEndpoint({ amqp: { exchange: "", routingKey: "a" } });
    const answer = await openAmqpSender().post(
      endpoint,
      eventHeaders,
      Buffer.from("{}"),
      new AbortController().signal,
    );
    expect(answer).toMatchObject({ kind: "broken", failureClass: "payload" });
  });
});

describe("the address of a broker is checked", () => {
  it("where a name leads to: loopback is refused", async () => {
    const broker = await startReceiverBroker();
    const sender = openAmqpSender({ resolve: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) });
    const url = `amqps://innocent.example.com:${broker.proxy.port}/`;
    const answer = await postEvent(sender, broker.endpoint({ url, allowedAddresses: [] }));
    expect(answer).toMatchObject({ kind: "broken", failureClass: "address_refused" });
    expect(broker.proxy.openedCount).toBe(0);
  });

  it("and the connection goes to the address that was checked, by one look-up", async () => {
    const broker = await startReceiverBroker();
    let lookUps = 0;
    const sender = openAmqpSender({
      resolve: () => {
        lookUps += 1;
        return Promise.resolve([{ address: lookUps === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }]);
      },
    });
    const url = `amqp://broker.example.com:${broker.proxy.port}/`;
    const endpoint = broker.endpoint({ url, allowedAddresses: ["broker.example.com"] });
    expect(await postEvent(sender, endpoint)).toEqual(confirmed);
    expect(lookUps).toBe(1);
  });

  it("and an unknown name is `dns`", async () => {
    const broker = await startReceiverBroker();
    const unknown = () =>
      Promise.reject(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
    const endpoint = broker.endpoint({ url: "amqps://nowhere.example.com/" });
    expect(await postEvent(openAmqpSender({ resolve: unknown }), endpoint)).toMatchObject({
      failureClass: "dns",
    });
  });
});
