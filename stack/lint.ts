import { describeFailure, watchLifetime } from "./lifetime.ts";
import { runLintPhase } from "./testing/lint_phase.ts";
import { summarise } from "./testing/phase.ts";

// `npm run lint`: the first phase of `npm test` on its own.

const lifetime = watchLifetime(() => process.exit(130));
try {
  const result = await runLintPhase(lifetime.signal);
  console.log(summarise([result]));
  process.exitCode = result.failed > 0 ? 1 : 0;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
