import type { Measure } from "../measure.ts";
import { dispatch } from "./dispatch.ts";
import { manyEndpoints } from "./many_endpoints.ts";
import { sidecarMemory } from "./sidecar_memory.ts";
import { twoSidecars } from "./two_sidecars.ts";

/** In the order of the table. */
export const measures: readonly Measure[] = [dispatch, sidecarMemory, manyEndpoints, twoSidecars];
