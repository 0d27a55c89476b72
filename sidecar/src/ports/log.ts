export type LogFields = Readonly<Record<string, unknown>>;

/** One wide line for each thing that happened: a constant event name and fields. No secrets, no payloads. */
export interface LogPort {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** Our own fault, or a person must act. */
  error(event: string, fields?: LogFields): void;
}

/** The short text of any thrown value; never a stack. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same log, with these fields in every line. */
export function withFields(log: LogPort, always: LogFields): LogPort {
  return {
    debug: (event, fields) => log.debug(event, { ...always, ...fields }),
    info: (event, fields) => log.info(event, { ...always, ...fields }),
    warn: (event, fields) => log.warn(event, { ...always, ...fields }),
    error: (event, fields) => log.error(event, { ...always, ...fields }),
  };
}
