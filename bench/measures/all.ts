import type { Measure } from "../measure.ts";
import { dispatch } from "./dispatch.ts";

/** In the order of the table. */
export const measures: readonly Measure[] = [dispatch];
