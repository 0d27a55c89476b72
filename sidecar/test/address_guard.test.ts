import type { LookupAddress } from "node:dns";
import { describe, expect, it } from "vitest";
import { AddressGuard, AddressRefused } from "../src/adapters/address_guard.ts";
import type { ResolveHost } from "../src/adapters/host_lookup.ts";

function resolveTo(...addresses: readonly string[]): ResolveHost {
  return () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
}

function checkLiteral(url: string, allowedAddresses: readonly string[] = []): void {
  new AddressGuard(new URL(url), allowedAddresses, resolveTo()).checkLiteral();
}

/** What `net.connect` would be given for the URL's host. */
function lookUp(url: string, allowed: readonly string[], resolve: ResolveHost): Promise<readonly string[]> {
  const guard = new AddressGuard(new URL(url), allowed, resolve);
  return new Promise((done, fail) => {
    guard.lookup(new URL(url).hostname, { all: true }, (error, found: string | LookupAddress[]) => {
      if (error) {
        fail(error);
      } else {
        done(typeof found === "string" ? [found] : found.map(({ address }) => address));
      }
    });
  });
}

describe("a literal address in the URL", () => {
  it.each([
    "https://127.0.0.1/",
    "https://127.0.0.1:8443/",
    "https://127.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://127.0.0.1./",
    "https://127.0.1/",
    "https://0x7f000001/",
    "https://0X7F.0x0.0x0.0x1/",
    "https://017700000001/",
    "https://0000177.0.0.1/",
    "https://%31%32%37.0.0.1/",
    "https://１２７.０.０.１/",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    "https://public.example.com@127.0.0.1/",
    "https://127.0.0.1:443/",
    "https://127.0.0.1:1/",
    "https://0/",
    "https://0.1.2.3/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.5.4/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::1]:8443/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:0:127.0.0.1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::10.0.0.1]/",
    "https://[100::1]/",
    "https://[2001:2::1]/",
    "https://[2001:10::1]/",
    "https://[2001:20::1]/",
    "https://[2002:7f00:1::]/",
    "https://[3fff::1]/",
    "https://[4000::1]/",
    "https://[5f00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[::127.0.0.1]/",
    "https://[::10.0.0.1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[fec0::1]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[2002:a00:1::]/",
    "https://[2001:0:a00:1::]/",
    "https://[2001:db8::1]/",
    "https://[ff02::1]/",
  ])("%s is refused", (url) => {
    const check = () => checkLiteral(url);
    expect(check).toThrow(AddressRefused);
    expect(check).toThrow(/^IM_ADDRESS_REFUSED: /);
  });

  it.each(["https://93.184.215.14/", "https://93.184.215.14:8443/", "https://[2606:4700::1111]/"])(
    "%s is public and accepted",
    (url) => {
      expect(() => checkLiteral(url)).not.toThrow();
    },
  );

  it.each([
    ["https://127.0.0.1/", "127.0.0.1"],
    ["https://127.1/", "127.0.0.1"],
    ["https://10.1.2.3/", "10.0.0.0/8"],
    ["https://[fd00::5]/", "fd00::/8"],
    ["https://[fd00::5]/", "[fd00::5]"],
    ["https://[::ffff:10.0.0.1]/", "10.0.0.1"],
    ["https://10.0.0.1/", "::ffff:10.0.0.1"],
    ["http://127.0.0.1:9000/hooks", " 127.0.0.1 "],
    ["http://93.184.215.14/", "93.184.215.14"],
  ])("%s is accepted where %j is allowed", (url, entry) => {
    expect(() => checkLiteral(url, [entry])).not.toThrow();
  });

  it.each([
    ["https://10.1.2.3/", "10.1.2.4"],
    ["https://10.1.2.3/", "192.168.0.0/16"],
    ["https://10.1.2.3/", "fd00::/8"],
    ["https://10.1.2.3/", "10.0.0.0/99"],
    ["https://10.1.2.3/", ""],
    ["https://10.1.2.3/", "*"],
    ["http://93.184.215.14/", "93.184.215.15"],
  ])("%s stays refused where only %j is allowed", (url, entry) => {
    expect(() => checkLiteral(url, [entry])).toThrow(AddressRefused);
  });
});

describe("a host name", () => {
  it.each([
    "127.0.0.1",
    "::1",
    "10.0.0.1",
    "169.254.169.254",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:0:10.0.0.1",
    "0.0.0.0",
    "::",
    "100.100.100.200",
    "2002:a9fe:a9fe::",
    "2001:0:a00:1::",
    "64:ff9b:1::a00:1",
    "3fff::1",
    "fd00:ec2::254",
    "fe80::1%eth0",
    "64:ff9b::a00:1",
  ])("that resolves to %s is refused", async (address) => {
    await expect(lookUp("https://internal.example.com/", [], resolveTo(address))).rejects.toThrow(
      AddressRefused,
    );
  });

  it("localhost is refused like any name of a loopback address", async () => {
    await expect(lookUp("https://localhost/", [], resolveTo("127.0.0.1", "::1"))).rejects.toThrow(
      AddressRefused,
    );
    await expect(lookUp("https://localhost./", [], resolveTo("127.0.0.1"))).rejects.toThrow(AddressRefused);
  });

  it("is connected only at its public addresses when answers are mixed", async () => {
    const found = await lookUp(
      "https://mixed.example.com/",
      [],
      resolveTo("10.0.0.1", "93.184.215.14", "::1"),
    );
    expect(found).toEqual(["93.184.215.14"]);
  });

  it("is looked up once, so there is no second answer to differ", async () => {
    let lookUps = 0;
    const resolve: ResolveHost = (hostname) => {
      lookUps += 1;
      return resolveTo(lookUps === 1 ? "93.184.215.14" : "127.0.0.1")(hostname);
    };
    expect(await lookUp("https://rebinding.example.com/", [], resolve)).toEqual(["93.184.215.14"]);
    expect(lookUps).toBe(1);
  });

  it.each(["receiver.internal", "RECEIVER.internal.", "10.0.0.0/8"])(
    "is accepted where %j is allowed",
    async (entry) => {
      const found = await lookUp("https://receiver.internal/", [entry], resolveTo("10.0.0.1"));
      expect(found).toEqual(["10.0.0.1"]);
    },
  );

  it("is not accepted because another name is allowed", async () => {
    const found = lookUp("https://evil-receiver.internal/", ["receiver.internal"], resolveTo("10.0.0.1"));
    await expect(found).rejects.toThrow(AddressRefused);
  });

  it("is reached over plain http only where it is allowed, even at a public address", async () => {
    const resolve = resolveTo("93.184.215.14");
    await expect(lookUp("http://receiver.example.com/", [], resolve)).rejects.toThrow(/without encryption/);
    expect(await lookUp("http://receiver.example.com/", ["receiver.example.com"], resolve)).toHaveLength(1);
    expect(await lookUp("http://receiver.example.com/", ["93.184.215.14"], resolve)).toHaveLength(1);
  });

  it("that cannot be resolved keeps the resolver's error", async () => {
    const resolve: ResolveHost = () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
    await expect(lookUp("https://nowhere.example.com/", [], resolve)).rejects.toMatchObject({
      code: "ENOTFOUND",
    });
  });

  it("that resolves to nothing is refused", async () => {
    await expect(lookUp("https://empty.example.com/", [], resolveTo())).rejects.toThrow(AddressRefused);
  });
});
