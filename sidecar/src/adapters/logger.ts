import { pino } from "pino";
import type { LogFields, LogPort } from "../ports/log.ts";

/** Characters; more are written at once. */
const keptMax = 64 * 1024;

/**
 * JSON lines on stdout: `{"level":"info","time":…,"event":"delivery.attempted",…}`.
 * Lines of one turn of the event loop are written together at its end, and before an exit whatever is left: so the last
 * line is never lost, and a line costs no system call of its own.
 */
export function createLogger(level: string, worker: string): LogPort {
  const stdout = createLineWriter();
  const lines = pino(
    {
      level,
      base: { worker },
      messageKey: "message",
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stdout,
  );
  const write = (kind: "debug" | "info" | "warn" | "error") => (event: string, fields?: LogFields) =>
    lines[kind]({ event, ...fields });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** Keeps lines until the end of this turn of the event loop. */
function createLineWriter(): { write(line: string): void } {
  const file = pino.destination({ dest: 1, sync: true, minLength: keptMax });
  let isScheduled = false;
  const flush = () => {
    isScheduled = false;
    file.flushSync();
  };
  process.once("exit", flush);
  return {
    write(line) {
      file.write(line);
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(flush);
    },
  };
}
