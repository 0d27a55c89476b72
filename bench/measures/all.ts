import type { Measure } from "../measure.ts";
import { brokerRestart } from "./broker_restart.ts";
import { builtinWebhook } from "./builtin_webhook.ts";
import { bulkRetry } from "./bulk_retry.ts";
import { captureBulk } from "./capture_bulk.ts";
import { captureSave } from "./capture_save.ts";
import { dispatch } from "./dispatch.ts";
import { endToEnd } from "./end_to_end.ts";
import { idleLatency } from "./idle_latency.ts";
import { inboxMillion } from "./inbox_million.ts";
import { isolation } from "./isolation.ts";
import { lanes } from "./lanes.ts";
import { manyEndpoints } from "./many_endpoints.ts";
import { overviewMillion } from "./overview_million.ts";
import { sidecarMemory } from "./sidecar_memory.ts";
import { sqlStatements } from "./sql_statements.ts";
import { twoSidecars } from "./two_sidecars.ts";

/** In the order of the table. */
export const measures: readonly Measure[] = [
  dispatch,
  endToEnd,
  sqlStatements,
  idleLatency,
  lanes,
  isolation,
  brokerRestart,
  captureSave,
  captureBulk,
  builtinWebhook,
  sidecarMemory,
  manyEndpoints,
  twoSidecars,
  bulkRetry,
  overviewMillion,
  inboxMillion,
];
