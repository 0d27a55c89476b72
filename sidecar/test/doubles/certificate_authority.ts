/** Issues certificates while a test runs, so that no private key lies in the repository (X.509 v3, RFC 5280). */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** PEM texts as `https.createServer` takes them. */
export interface IssuedCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateWish {
  readonly commonName: string;
  /** IPv4 addresses it is valid for. */
  readonly addresses?: readonly string[];
  readonly names?: readonly string[];
  /** `YYMMDDhhmmssZ`; 2020 to 2049 unless said otherwise. */
  readonly validUntil?: string;
}

export interface CertificateAuthority {
  readonly cert: string;
  issue(wish: CertificateWish): IssuedCertificate;
}

interface Issuer {
  readonly name: Buffer;
  readonly key: KeyObject;
}

let serialNumber = 0;

export function createCertificateAuthority(commonName = "Test authority"): CertificateAuthority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer: Issuer = { name: writeName(commonName), key: own.privateKey };
  const isAuthority = writeExtension("0603551d13", der(0x30, Buffer.from("0101ff", "hex")));
  const cert = writeCertificate({ commonName }, own.publicKey, issuer, [isAuthority]);
  return { cert, issue: (wish) => issueFrom(issuer, wish) };
}

/** Signed by its own key, and no authority. */
export function createSelfSignedCertificate(commonName = "localhost"): IssuedCertificate {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer: Issuer = { name: writeName(commonName), key: own.privateKey };
  return { key: writeKey(own.privateKey), cert: writeCertificate({ commonName }, own.publicKey, issuer, []) };
}

function issueFrom(issuer: Issuer, wish: CertificateWish): IssuedCertificate {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const others = [
    ...(wish.names ?? []).map((name) => der(0x82, Buffer.from(name))),
    ...(wish.addresses ?? []).map((address) => der(0x87, Buffer.from(address.split(".").map(Number)))),
  ];
  const extensions = others.length === 0 ? [] : [writeExtension("0603551d11", der(0x30, ...others))];
  return { key: writeKey(own.privateKey), cert: writeCertificate(wish, own.publicKey, issuer, extensions) };
}

function writeCertificate(
  wish: CertificateWish,
  publicKey: KeyObject,
  issuer: Issuer,
  extensions: readonly Buffer[],
): string {
  serialNumber += 1;
  const ecdsaWithSha256 = der(0x30, Buffer.from("06082a8648ce3d040302", "hex"));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1, serialNumber])),
    ecdsaWithSha256,
    issuer.name,
    der(
      0x30,
      der(0x17, Buffer.from("200101000000Z")),
      der(0x17, Buffer.from(wish.validUntil ?? "491231000000Z")),
    ),
    writeName(wish.commonName),
    publicKey.export({ format: "der", type: "spki" }),
    ...(extensions.length === 0 ? [] : [der(0xa3, der(0x30, ...extensions))]),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, issuer.key));
  const certificate = der(0x30, body, ecdsaWithSha256, signature).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${certificate.replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

function writeName(commonName: string): Buffer {
  const attribute = der(0x30, Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from(commonName)));
  return der(0x30, der(0x31, attribute));
}

/** @param oid with tag and length, in hex */
function writeExtension(oid: string, value: Buffer): Buffer {
  return der(0x30, Buffer.from(oid, "hex"), der(0x04, value));
}

function writeKey(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

/** One DER element: tag, length, content (X.690 §8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
