import { join } from "node:path";
import { checkoutDir } from "../paths.ts";
import { loopback } from "../ports.ts";
import { answersOk, type ProcessPlan, stackMarker } from "../service_process.ts";

export interface NodeService {
  readonly name: string;
  readonly script: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  readonly port: number;
  readonly readyPath: string;
  readonly settings: Record<string, string>;
  readonly stackDir: string;
  readonly logDir: string;
}

/** A script of the checkout as a service of the stack, ready when its path answers 200. */
export function planNodeService(service: NodeService): ProcessPlan {
  return {
    name: service.name,
    program: process.execPath,
    args: [
      "--disable-warning=ExperimentalWarning",
      ...(service.nodeOptions ?? []),
      join(checkoutDir, service.script),
    ],
    env: { ...process.env, ...service.settings, [stackMarker]: service.stackDir },
    cwd: checkoutDir,
    logFile: join(service.logDir, `${service.name}.log`),
    stopSignal: "SIGTERM",
    stopDeadlineMs: 35_000,
    readyDeadlineMs: 60_000,
    probe: answersOk(`http://${loopback}:${service.port}${service.readyPath}`),
  };
}

export interface SidecarSettings {
  readonly stackDir: string;
  readonly logDir: string;
  readonly port: number;
  readonly odooUrl: string;
  readonly database: string;
  readonly login: string;
  readonly apiKey: string;
  readonly amqpUrl: string;
  /** Where more than one runs. */
  readonly name?: string;
  /** Added to its environment, in place of what is usual. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Node would let garbage pile up to hundreds of MB before it looks; the sidecar keeps little, so it collects earlier, for a
 * few per cent of processor time. The Dockerfile says the same.
 */
export const sidecarNodeOptions = ["--max-semi-space-size=8", "--heap-growing-percent=75"];

export function planSidecar(settings: SidecarSettings): ProcessPlan {
  const { stackDir, logDir, port, name = "sidecar" } = settings;
  return planNodeService({
    name,
    script: "sidecar/src/main.ts",
    nodeOptions: sidecarNodeOptions,
    port,
    readyPath: "/readyz",
    stackDir,
    logDir,
    settings: {
      ODOO_URL: settings.odooUrl,
      ODOO_DATABASE: settings.database,
      ODOO_LOGIN: settings.login,
      ODOO_API_KEY: settings.apiKey,
      AMQP_URL: settings.amqpUrl,
      // The same after a restart, so that the overview does not show the process before as missing.
      WORKER_NAME: name,
      HTTP_HOST: loopback,
      HTTP_PORT: String(port),
      ...settings.env,
    },
  });
}

export interface ReceiverSettings {
  readonly stackDir: string;
  readonly logDir: string;
  readonly dataDir: string;
  readonly port: number;
}

export function planReceiver(settings: ReceiverSettings): ProcessPlan {
  const { stackDir, logDir, port, dataDir } = settings;
  return planNodeService({
    name: "receiver",
    script: "stack/receiver/main.ts",
    port,
    readyPath: "/healthz",
    stackDir,
    logDir,
    settings: { HTTP_HOST: loopback, HTTP_PORT: String(port), RECEIVER_DATA_DIR: dataDir },
  });
}
