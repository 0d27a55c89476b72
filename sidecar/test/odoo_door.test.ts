import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createOdooDoor, createTransport } from "../src/adapters/odoo_door.ts";
import type { OdooAccess, OdooTransport } from "../src/adapters/odoo_transport.ts";
import { buildRequestHeaders } from "../src/domain/request_headers.ts";
import { verifySignature } from "../src/domain/signature_check.ts";
import { OdooRefused, OdooUnavailable } from "../src/ports/odoo.ts";
import { buildEndpoint } from "./builders.ts";
import { createCertificateAuthority } from "./doubles/certificate_authority.ts";
import { describeOdooContract } from "./odoo_contract.ts";
import { requireVariable } from "./support/environment.ts";
import { arrangeEndpoint, OdooAdmin } from "./support/odoo_admin.ts";

const choices = ["json2", "xmlrpc"] as const;

function readAccess(shown: Partial<OdooAccess> = {}): OdooAccess {
  return {
    url: new URL(requireVariable("IM_TEST_ODOO_URL")),
    database: requireVariable("IM_TEST_ODOO_DATABASE"),
    login: requireVariable("IM_TEST_ODOO_LOGIN"),
    apiKey: requireVariable("IM_TEST_ODOO_API_KEY"),
    callTimeoutMs: 20_000,
    ...shown,
  };
}

for (const choice of choices) {
  describeOdooContract(choice, async () => {
    const admin = await OdooAdmin.logIn();
    const endpoint = await arrangeEndpoint(admin);
    const transport = createTransport(choice, readAccess());
    return {
      odoo: createOdooDoor(transport),
      endpointId: endpoint.id,
      createDue: async (names) => {
        await endpoint.createContacts(names);
      },
      async close() {
        await transport.close();
        await endpoint.remove();
      },
    };
  });
}

describe.each(choices)("the %s transport to a real Odoo", (choice) => {
  const open: OdooTransport[] = [];
  const build = (shown: Partial<OdooAccess>) => {
    const transport = createTransport(choice, readAccess(shown));
    open.push(transport);
    return createOdooDoor(transport);
  };
  afterEach(async () => {
    for (const transport of open.splice(0)) await transport.close();
  });

  test("carries an endpoint's settings and secrets unchanged", async () => {
    const admin = await OdooAdmin.logIn();
    const arranged = await arrangeEndpoint(admin, {
      auth_kind: "bearer",
      auth_secret_input: "token-<&>-ü",
      window: 40,
    });
    const list = await build({}).endpoints(0);
    await arranged.remove();
    expect(list?.endpoints.find((endpoint) => endpoint.id === arranged.id)).toMatchObject({
      name: arranged.name,
      state: "active",
      url: "http://127.0.0.1:9/hooks",
      auth: { kind: "bearer", secret: "token-<&>-ü" },
      window: 40,
      allowedAddresses: ["127.0.0.1"],
      signingSecrets: [expect.stringMatching(/^whsec_/)],
    });
  });

  test("carries everything OAuth, certificates and several signing secrets need", async () => {
    const admin = await OdooAdmin.logIn();
    const authority = createCertificateAuthority();
    const client = authority.issue({ commonName: "odoo" });
    const arranged = await arrangeEndpoint(admin, {
      auth_kind: "oauth2",
      auth_secret_input: "s3cret-ü",
      oauth_token_url: "https://login.example.com/token",
      oauth_client_id: "odoo",
      oauth_client_auth: "body",
      oauth_scope: "a b",
      tls_ca: authority.cert,
      tls_certificate: client.cert,
      tls_key_input: client.key,
    });
    await admin.call("integration.endpoint", "action_generate_signing_key", [[arranged.id]]);
    await admin.call("integration.endpoint", "action_generate_signing_secret", [[arranged.id]]);
    const list = await build({}).endpoints(0);
    const [shown] = await admin.searchRead(
      "integration.endpoint",
      [["id", "=", arranged.id]],
      ["signing_public_key"],
    );
    await arranged.remove();
    const endpoint = list?.endpoints.find(({ id }) => id === arranged.id);
    expect(endpoint).toMatchObject({
      auth: {
        kind: "oauth2",
        tokenUrl: "https://login.example.com/token",
        clientId: "odoo",
        secret: "s3cret-ü",
        clientAuth: "body",
        scope: "a b",
        audience: "",
      },
      tls: { ca: authority.cert, client: { certificate: client.cert, key: client.key } },
      signingSecrets: [/^whsec_/, /^whsec_/, /^whsk_/].map((kind) => expect.stringMatching(kind)),
    });
    // What Odoo makes, we sign with, and a receiver verifies with the public key that Odoo shows.
    const body = Buffer.from("{}");
    const now = new Date();
    const request = buildRequestHeaders({ webhookId: "a" }, body, endpoint ?? buildEndpoint(), now, "0.1.0");
    const headers = request.kind === "built" ? request.headers : {};
    const keys = [String(shown?.signing_public_key)];
    expect(verifySignature(keys, { headers, body }, now)).toEqual({ isValid: true });
  });

  test("calls a wrong key a refusal, in one line", async () => {
    const refusal: unknown = await build({ apiKey: "wrong" })
      .handshake("worker-1", "0.1.0")
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OdooRefused);
    expect(String(refusal)).toMatch(/IM_ODOO_REFUSED/);
    expect(String(refusal)).not.toMatch(/Traceback|File "|\n/);
  });

  test("calls a wrong database a refusal", async () => {
    await expect(build({ database: "no_such_database" }).report([])).rejects.toBeInstanceOf(OdooRefused);
  });
});

describe.each(choices)("the %s transport to a server in trouble", (choice) => {
  let server: http.Server;
  let url: URL;
  let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;
  beforeAll(async () => {
    server = http.createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    // A TCP server's address is an object.
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const call = async (shown: Partial<OdooAccess> = {}): Promise<unknown> => {
    const access = {
      url,
      database: "db",
      login: "login",
      apiKey: "key-secret",
      callTimeoutMs: 5000,
      ...shown,
    };
    const transport = createTransport(choice, access);
    try {
      return await transport.call("claim", { worker: "w" }).catch((error: unknown) => error);
    } finally {
      await transport.close();
    }
  };

  test("gives up at its deadline when no answer comes", async () => {
    answer = () => {};
    const failure = await call({ callTimeoutMs: 50 });
    expect(failure).toBeInstanceOf(OdooUnavailable);
  });

  test("gives up at its deadline when an answer stops half way", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/xml" });
      response.write('<?xml version="1.0"?><methodResponse><params>');
    };
    expect(await call({ callTimeoutMs: 50 })).toBeInstanceOf(OdooUnavailable);
  });

  test("calls a cut connection unavailable", async () => {
    answer = (request) => request.socket.destroy();
    expect(await call()).toBeInstanceOf(OdooUnavailable);
  });

  test("calls a refused connection unavailable", async () => {
    expect(await call({ url: new URL("http://127.0.0.1:1") })).toBeInstanceOf(OdooUnavailable);
  });

  test.each([502, 503, 500])(
    "calls status %i unavailable, without the page's text or our key",
    async (status) => {
      answer = (_request, response) => {
        response.writeHead(status, { "content-type": "text/html" }).end("<h1>proxy</h1> secret page");
      };
      const failure = await call();
      expect(failure).toBeInstanceOf(OdooUnavailable);
      expect(String(failure)).not.toMatch(/secret/);
    },
  );
});

describe("the auto transport", () => {
  test("takes JSON-2 from a server that has it", async () => {
    const transport = createTransport("auto", readAccess());
    await createOdooDoor(transport).handshake("worker-1", "0.1.0");
    expect(transport.name).toBe("json2");
    await transport.close();
  });

  test("falls back to XML-RPC where JSON-2 is missing, and stays with it", async () => {
    const real = readAccess().url;
    const seen: string[] = [];
    // An Odoo 18: the same server without /json/2.
    const older = http.createServer((request, response) => {
      seen.push(request.url ?? "");
      if (request.url?.startsWith("/json/2")) {
        response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not Found</h1>");
        return;
      }
      const { headers, method, url: path } = request;
      const onward = http.request(
        { host: real.hostname, port: real.port, path, method, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => {
      older.listen(0, "127.0.0.1", resolve);
    });
    const port = (older.address() as AddressInfo).port;
    const transport = createTransport("auto", readAccess({ url: new URL(`http://127.0.0.1:${port}`) }));
    const odoo = createOdooDoor(transport);
    await odoo.handshake("worker-1", "0.1.0");
    await odoo.report([]);
    expect(transport.name).toBe("xmlrpc");
    expect(seen.filter((path) => path.startsWith("/json/2"))).toHaveLength(1);
    await transport.close();
    older.closeAllConnections();
    older.close();
  });
});
