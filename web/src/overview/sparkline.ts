/** A line so small that only its shape counts. Pure. */

export interface Sparkline {
  /** For `<polyline points>`: what was accepted. */
  readonly line: string;
  /** Where there was trouble: a mark on the ground line. */
  readonly marks: readonly { readonly x: number; readonly width: number }[];
}

export const SPARKLINE_WIDTH = 160;
export const SPARKLINE_HEIGHT = 32;
/** So that the line is not cut at the edges. */
const MARGIN = 2;

/** The highest value reaches the top, zero the ground. */
export function drawSparkline(values: readonly number[], troubled: readonly number[]): Sparkline {
  const step = SPARKLINE_WIDTH / Math.max(1, values.length);
  const highest = Math.max(1, ...values);
  const room = SPARKLINE_HEIGHT - 2 * MARGIN;
  const points = values.map((value, place) => {
    const x = (place + 0.5) * step;
    const y = MARGIN + room * (1 - value / highest);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const marks = troubled.flatMap((count, place) =>
    count > 0 ? [{ x: place * step, width: step * 0.8 }] : [],
  );
  return { line: points.join(" "), marks };
}
