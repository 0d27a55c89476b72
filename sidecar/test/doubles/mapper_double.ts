import type { MappingOutcome } from "../../src/domain/mapping.ts";
import type { MapperPort } from "../../src/ports/mapper.ts";

/** Answers with what the test says; `{"data":…}` of the event stays as it is otherwise. */
export class MapperDouble implements MapperPort {
  /** Expressions in the order they were asked for. */
  readonly applied: string[] = [];
  answer: (expression: string, event: string) => MappingOutcome = (_expression, event) => ({
    kind: "mapped",
    body: event,
  });

  async apply(expression: string, event: string): Promise<MappingOutcome> {
    this.applied.push(expression);
    return this.answer(expression, event);
  }

  async close(): Promise<void> {}
}
