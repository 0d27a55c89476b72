import { pino } from "pino";
import type { LogFields, LogPort } from "../ports/log.ts";

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
      timestamp: createTimestamp(),
      formatters: { level: (label) => ({ level: label }) },
    },
    stdout,
  );
  const write = (kind: "debug" | "info" | "warn" | "error") => (event: string, fields?: LogFields) =>
    lines[kind]({ event, ...fields });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** Writes an instant out once for all lines of its millisecond. */
function createTimestamp(): () => string {
  let writtenMs = 0;
  let written = "";
  return () => {
    const nowMs = Date.now();
    if (nowMs !== writtenMs) written = `,"time":"${new Date(nowMs).toISOString()}"`;
    writtenMs = nowMs;
    return written;
  };
}

/** Keeps lines until the end of this turn of the event loop. */
function createLineWriter(): { write(line: string): void } {
  const file = pino.destination({ dest: 1, sync: true });
  let lines = "";
  const flush = () => {
    if (lines !== "") file.write(lines);
    lines = "";
  };
  process.once("exit", flush);
  return {
    write(line) {
      if (lines === "") setImmediate(flush);
      lines += line;
    },
  };
}
