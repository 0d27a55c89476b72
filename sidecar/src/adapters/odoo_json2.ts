/** JSON-2 (Odoo 19 and later): `POST /json/2/<model>/<method>`, named arguments, bearer key. */
import { Pool } from "undici";
import * as z from "zod";
import { describeError } from "../ports/log.ts";
import { OdooRefused, OdooUnavailable } from "../ports/odoo.ts";
import {
  answerBytesMax,
  type OdooAccess,
  type OdooTransport,
  shortText,
  sidecarModel,
} from "./odoo_transport.ts";

/** Relay, reports, heartbeat and directory at once, plus a spare. */
const connectionsMax = 5;
const healthTimeoutMs = 5_000;

const errorBody = z.object({ name: z.string(), message: z.string() });

/** The server answers, but not as JSON-2 does: it is older, or does not serve this database. */
export class Json2Missing extends OdooRefused {}

export function createJson2Transport(access: OdooAccess): OdooTransport {
  const pool = new Pool(access.url.origin, {
    connections: connectionsMax,
    keepAliveTimeout: 30_000,
    connect: { timeout: 10_000 },
    maxResponseSize: answerBytesMax,
  });
  return {
    name: "json2",
    call: (method, named) => call(pool, access, method, named),
    close: () => pool.destroy(),
  };
}

async function call(
  pool: Pool,
  access: OdooAccess,
  method: string,
  named: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  let statusCode: number;
  let text: string;
  try {
    const answer = await pool.request({
      path: `/json/2/${sidecarModel}/${method}`,
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        authorization: `bearer ${access.apiKey}`,
        "x-odoo-database": access.database,
      },
      body: JSON.stringify(named),
      signal: AbortSignal.timeout(access.callTimeoutMs),
    });
    statusCode = answer.statusCode;
    text = await answer.body.text();
  } catch (error) {
    throw new OdooUnavailable(
      `IM_ODOO_UNAVAILABLE: expected an answer to ${method} from ${access.url.origin}, got: ${describeError(error)}`,
    );
  }
  if (statusCode === 200) return readJson(method, text);
  const failure = explainFailure(method, statusCode, text, access);
  throw failure instanceof Json2Missing && (await isDatabaseServerAway(pool, access))
    ? new OdooUnavailable(
        `IM_ODOO_UNAVAILABLE: expected an answer to ${method}, but the database server behind ${access.url.origin} is away`,
      )
    : failure;
}

/**
 * Without its database server Odoo knows no database and so answers 404 to everything, as a server without JSON-2 does.
 * Its health page tells the two apart. Anything unclear is "no": then the refusal stands.
 */
async function isDatabaseServerAway(pool: Pool, access: OdooAccess): Promise<boolean> {
  try {
    const answer = await pool.request({
      path: "/web/health?db_server_status=1",
      method: "GET",
      signal: AbortSignal.timeout(Math.min(access.callTimeoutMs, healthTimeoutMs)),
    });
    const text = await answer.body.text();
    return answer.statusCode === 500 && text.includes('"db_server_status": false');
  } catch {
    return false;
  }
}

function readJson(method: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page with status 200, or an answer cut short.
    throw new OdooUnavailable(
      `IM_ODOO_UNAVAILABLE: expected JSON as answer to ${method}, got something else`,
    );
  }
}

function explainFailure(method: string, statusCode: number, text: string, access: OdooAccess): Error {
  const body = readErrorBody(text);
  const said =
    body === undefined ? `status ${statusCode}` : `${statusCode} ${body.name}: ${shortText(body.message)}`;
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) {
    return new OdooUnavailable(`IM_ODOO_UNAVAILABLE: expected an answer to ${method}, got ${said}`);
  }
  if (body === undefined && (statusCode === 404 || statusCode === 405)) {
    return new Json2Missing(
      `IM_ODOO_REFUSED: expected JSON-2 for database "${access.database}" at ${access.url.origin}, got ${said}. ` +
        "Check ODOO_DATABASE and the server's database filter, or set ODOO_TRANSPORT=xmlrpc for Odoo 18 and older",
    );
  }
  return new OdooRefused(
    `IM_ODOO_REFUSED: ${method} was refused: ${said}. ` +
      "Check ODOO_API_KEY, the service account's group, and that integration_monitor is installed",
  );
}

function readErrorBody(text: string): z.infer<typeof errorBody> | undefined {
  try {
    return errorBody.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
