import { describe, expect, it } from "vitest";
import { parseBrokerUrl } from "../src/adapters/amqp/broker_address.ts";

describe("the address of a broker", () => {
  it.each([
    ["amqps://broker.example.com", "broker.example.com", 5671, "/"],
    ["amqps://broker.example.com/", "broker.example.com", 5671, "/"],
    ["amqps://broker.example.com/orders", "broker.example.com", 5671, "orders"],
    ["amqps://BROKER.example.com:443/orders", "broker.example.com", 443, "orders"],
    ["amqp://broker.example.com:80/%2F", "broker.example.com", 80, "/"],
    ["amqp://broker.example.com/%2forders%20x", "broker.example.com", 5672, "/orders x"],
    ["amqps://[2606:4700::1111]:5671/a", "2606:4700::1111", 5671, "a"],
    ["amqps://127.1/", "127.0.0.1", 5671, "/"],
    ["amqps://0x7f000001/", "127.0.0.1", 5671, "/"],
    ["amqps://%31%32%37.0.0.1/", "127.0.0.1", 5671, "/"],
  ])("%s", (text, host, port, vhost) => {
    expect(parseBrokerUrl(text)).toMatchObject({ host, port, vhost });
  });

  it.each([
    "",
    "broker.example.com",
    "https://broker.example.com/",
    "amqps://",
    "amqps:///orders",
    "amqps:broker",
    "amqps://broker.example.com/a/b",
    "amqps://broker.example.com/?heartbeat=0",
    "amqps://broker.example.com/#a",
    "amqps://broker.example.com/%zz",
    "amqps://broker.example.com:99999/",
    "amqps://exa mple.com/",
    "amqps://1.2.3.4.5/",
  ])("%j is refused with what is expected", (text) => {
    expect(() => parseBrokerUrl(text)).toThrow(/must be amqps:\/\/host\[:port\]\/vhost/);
  });

  it("with credentials is refused without repeating them", () => {
    expect(() => parseBrokerUrl("amqps://guest:canary@broker.example.com/")).toThrow(
      /^the endpoint's address must not hold a user name or password$/,
    );
  });
});
