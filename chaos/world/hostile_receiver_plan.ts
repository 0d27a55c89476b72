import { join } from "node:path";
import { checkoutDir } from "../../stack/paths.ts";
import { loopback } from "../../stack/ports.ts";
import { answersOk, type ProcessPlan, stackMarker } from "../../stack/service_process.ts";

export interface HostileReceiverSettings {
  readonly stackDir: string;
  readonly logDir: string;
  /** One JSON line per request and per end of one; outlives restarts. */
  readonly requestLog: string;
  readonly port: number;
  readonly seed: number;
  /** Signing secret by hook. */
  readonly secrets: Readonly<Record<string, string>>;
}

export function planHostileReceiver(settings: HostileReceiverSettings): ProcessPlan {
  return {
    name: "receiver_hostile",
    program: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", join(checkoutDir, "chaos/receiver/main.ts")],
    env: {
      ...process.env,
      HTTP_HOST: loopback,
      HTTP_PORT: String(settings.port),
      REQUEST_LOG: settings.requestLog,
      CHAOS_SEED: String(settings.seed),
      SIGNING_SECRETS: JSON.stringify(settings.secrets),
      [stackMarker]: settings.stackDir,
    },
    cwd: checkoutDir,
    logFile: join(settings.logDir, "receiver_hostile.log"),
    stopSignal: "SIGTERM",
    stopDeadlineMs: 5_000,
    readyDeadlineMs: 30_000,
    probe: answersOk(`http://${loopback}:${settings.port}/healthz`),
  };
}
