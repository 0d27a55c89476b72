import type { MappingOutcome } from "../domain/mapping.ts";

/** Applies the mappings of subscriptions. However an expression behaves, nothing but its own delivery feels it. */
export interface MapperPort {
  /**
   * @param event the CloudEvent's JSON text
   * Resolves within a few seconds. Rejects when the signal aborts, or when nothing can be run here at all.
   */
  apply(expression: string, event: string, signal: AbortSignal): Promise<MappingOutcome>;
  close(): Promise<void>;
}
