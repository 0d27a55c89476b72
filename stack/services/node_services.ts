import { join } from "node:path";
import { checkoutDir } from "../paths.ts";
import { loopback } from "../ports.ts";
import { answersOk, type ProcessPlan, stackMarker } from "../service_process.ts";

interface NodeService {
  readonly name: string;
  readonly script: string;
  readonly port: number;
  readonly readyPath: string;
  readonly settings: Record<string, string>;
  readonly stackDir: string;
  readonly logDir: string;
}

function planNodeService(service: NodeService): ProcessPlan {
  return {
    name: service.name,
    program: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", join(checkoutDir, service.script)],
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
}

export function planSidecar(settings: SidecarSettings): ProcessPlan {
  const { stackDir, logDir, port } = settings;
  return planNodeService({
    name: "sidecar",
    script: "sidecar/src/main.ts",
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
      WORKER_NAME: "sidecar",
      HTTP_HOST: loopback,
      HTTP_PORT: String(port),
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
