/**
 * Tells the person at the terminal which long step runs and how long it has been running.
 *
 * On a terminal the line of the running step is repainted each second; in a log file each step is one line
 * when it starts and one when it ends, and a sign of life every 30 s.
 */
const repaintEveryMs = 1_000;
const signOfLifeEveryMs = 30_000;

export async function runStep<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const elapsed = () => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
  const isTerminal = process.stdout.isTTY === true;
  if (isTerminal) process.stdout.write(`  … ${title}`);
  else console.log(`  … ${title}`);
  const timer = setInterval(
    () => {
      if (isTerminal) process.stdout.write(`\r  … ${title} (${elapsed()})`);
      else console.log(`  … ${title} (${elapsed()})`);
    },
    isTerminal ? repaintEveryMs : signOfLifeEveryMs,
  );
  try {
    const result = await work();
    finish(`  ✓ ${title} (${elapsed()})`);
    return result;
  } catch (error) {
    finish(`  ✗ ${title} (${elapsed()})`);
    throw error;
  } finally {
    clearInterval(timer);
  }

  function finish(line: string): void {
    process.stdout.write(isTerminal ? `\r\u001b[K${line}\n` : `${line}\n`);
  }
}

/** A line between two steps. */
export function tell(text: string): void {
  console.log(text);
}
