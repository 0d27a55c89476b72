/**
 * A process of its own that applies mappings, one after the other. It knows no secret, has no connection but the one to
 * its parent, and may be killed at any time. Its argument is the process id of the parent.
 */
import { Worker } from "node:worker_threads";
import jsonata from "jsonata";
import { createMapper } from "../../domain/mapping.ts";

/** What the parent sends; the answer is a MappingOutcome. */
export interface MappingRequest {
  readonly expression: string;
  readonly event: string;
}

const apply = createMapper(jsonata, { quotesValues: false });

process.on("message", (request: MappingRequest) => {
  // A reply nobody can take any more needs none; "disconnect" ends us.
  void apply(request.expression, request.event).then((outcome) => process.send?.(outcome, () => undefined));
});
process.on("disconnect", () => process.exit());

/**
 * A regular expression can keep this thread for years, and then neither the parent's end nor its signals are noticed
 * here. Another thread looks whether the parent is still there.
 */
const watch = `
const { workerData: parent } = require("node:worker_threads");
setInterval(() => process.ppid === parent || process.kill(process.pid, "SIGKILL"), 1000);
`;
new Worker(watch, { eval: true, env: {}, workerData: Number(process.argv[2]) }).unref();
