/**
 * XML-RPC: works on every Odoo up to 21. The package has no deadline of its own and calls back late or
 * never on a cut answer, so each call gets an abort signal for its request and a race against it.
 */
import http from "node:http";
import https from "node:https";
import xmlrpc from "xmlrpc";
import { describeError } from "../ports/log.ts";
import { OdooRefused, OdooUnavailable } from "../ports/odoo.ts";
import { type OdooAccess, type OdooTransport, shortText, sidecarModel } from "./odoo_transport.ts";

const connectionsMax = 5;

/** Odoo's fault codes on `/xmlrpc/2`. */
const faultWarning = 2;
const faultAccessDenied = 3;
const faultAccessError = 4;

export function createXmlRpcTransport(access: OdooAccess): OdooTransport {
  const { Agent } = access.url.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax });
  /** Looked up once; forgotten when Odoo denies access, since the user may have been replaced. */
  let uid: Promise<number> | undefined;

  const request = (path: string, procedure: string, parameters: readonly unknown[]) =>
    send(access, agent, path, procedure, parameters);

  return {
    name: "xmlrpc",
    async call(method, named) {
      uid ??= authenticate(access, request);
      try {
        return await request("/xmlrpc/2/object", "execute_kw", [
          access.database,
          await uid,
          access.apiKey,
          sidecarModel,
          method,
          [],
          named,
        ]);
      } catch (error) {
        uid = undefined;
        throw explainFailure(method, error, access);
      }
    },
    async close() {
      agent.destroy();
    },
  };
}

type Request = (path: string, procedure: string, parameters: readonly unknown[]) => Promise<unknown>;

async function authenticate(access: OdooAccess, request: Request): Promise<number> {
  const uid = await request("/xmlrpc/2/common", "authenticate", [
    access.database,
    access.login,
    access.apiKey,
    {},
  ]);
  if (typeof uid === "number") return uid;
  throw new OdooRefused(
    `IM_ODOO_REFUSED: login "${access.login}" was refused by database "${access.database}". ` +
      "Check ODOO_LOGIN and ODOO_API_KEY",
  );
}

function send(
  access: OdooAccess,
  agent: http.Agent,
  path: string,
  procedure: string,
  parameters: readonly unknown[],
): Promise<unknown> {
  const { url, callTimeoutMs } = access;
  const isSecure = url.protocol === "https:";
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort();
    reject(new Error(`no answer within ${callTimeoutMs} ms`));
  }, callTimeoutMs);
  // The package hands its options to http.request unchanged: `agent` and `signal` do what they do there.
  const options = {
    // URL keeps the brackets of an IPv6 address; http.request wants none.
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    path,
    agent,
    signal: deadline.signal,
  };
  const client = isSecure ? xmlrpc.createSecureClient(options) : xmlrpc.createClient(options);
  client.methodCall(procedure, [...parameters], (error: unknown, value: unknown) => {
    if (error) reject(error);
    else resolve(value);
  });
  return promise.finally(() => clearTimeout(timer));
}

function explainFailure(method: string, error: unknown, access: OdooAccess): Error {
  if (error instanceof OdooRefused || error instanceof OdooUnavailable) return error;
  const fault = readFault(error);
  if (fault === undefined) {
    return new OdooUnavailable(
      `IM_ODOO_UNAVAILABLE: expected an answer to ${method} from ${access.url.origin}, got: ${shortText(describeError(error))}`,
    );
  }
  const said = lastLine(fault.text);
  if (isRefusal(fault.code, said)) {
    return new OdooRefused(
      `IM_ODOO_REFUSED: ${method} was refused: ${said}. ` +
        "Check ODOO_API_KEY, the service account's group, and that integration_monitor is installed",
    );
  }
  return new OdooUnavailable(`IM_ODOO_UNAVAILABLE: expected an answer to ${method}, got: ${said}`);
}

function readFault(error: unknown): { code: number; text: string } | undefined {
  if (typeof error !== "object" || error === null || !("faultString" in error)) return undefined;
  return { code: "faultCode" in error ? Number(error.faultCode) : 0, text: String(error.faultString) };
}

/** Code 1 is everything else, as a traceback: only its last line tells our mistake from a passing failure. */
function isRefusal(code: number, said: string): boolean {
  if (code === faultWarning || code === faultAccessDenied || code === faultAccessError) return true;
  return /^(AttributeError|TypeError|KeyError|ValueError)\b|does not exist|object .* doesn't exist/i.test(
    said,
  );
}

function lastLine(text: string): string {
  return shortText(text.trim().split("\n").at(-1) ?? "");
}
