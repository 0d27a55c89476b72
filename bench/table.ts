import type { Row } from "./measure.ts";

const headings = {
  measure: "Measure",
  figure: "Figure",
  reference: "Reference",
  bar: "Bar",
  verdict: "",
} as const satisfies Record<keyof Row, string>;
const columns = Object.keys(headings) as (keyof Row)[];

/** The table of a run, in columns. */
export function renderTable(rows: readonly Row[]): string {
  const lines: Record<keyof Row, string>[] = [headings, ...rows];
  const widths = columns.map((column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      columns
        .map((column, index) => line[column].padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** "1,234/s". */
export function formatRate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString("en-US")}/s`;
}

/** "0.68 ×". */
export function formatRatio(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

/** "123 MB". */
export function formatMb(mb: number): string {
  return `${Math.round(mb).toLocaleString("en-US")} MB`;
}

/** "2.1 ms", "1,234 ms". */
export function formatMs(ms: number): string {
  const digits = Math.abs(ms) < 100 ? 1 : 0;
  return `${ms.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}
