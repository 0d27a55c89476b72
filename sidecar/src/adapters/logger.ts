import { pino } from "pino";
import type { LogFields, LogPort } from "../ports/log.ts";

/**
 * JSON lines on stdout: `{"level":"info","time":…,"event":"delivery.attempted",…}`.
 * Written synchronously, so that the last line before an exit is never lost.
 */
export function createLogger(level: string, worker: string): LogPort {
  const lines = pino(
    {
      level,
      base: { worker },
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 1, sync: true }),
  );
  const write = (kind: "debug" | "info" | "warn" | "error") => (event: string, fields?: LogFields) =>
    lines[kind]({ event, ...fields });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
