/** Opens the worker that applies mappings. Its file is loaded when somebody edits a mapping, and not before. */
import type { MappingWorker } from "./mapping_runner.ts";

/** Set by the build: changes with the file, because browsers keep it for a week. */
declare const MAPPING_WORKER_VERSION: string;

export const mappingEngine = {
  openWorker(): MappingWorker {
    const url = `/integration_monitor/static/lib/mapping_worker.js?v=${MAPPING_WORKER_VERSION}`;
    // Handlers of other kinds of events are never set.
    return new Worker(url) as unknown as MappingWorker;
  },
};
