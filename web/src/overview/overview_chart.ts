/** Draws one chart with the Chart.js that Odoo brings, and the same numbers as a table for keyboards and readers. */
import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import type { ActionRequest } from "odoo-services";
import type { Chart } from "./overview_charts.ts";
import { isChartEmpty } from "./overview_charts.ts";

interface ChartProps {
  readonly chart: Chart;
  readonly open: (request: ActionRequest) => void;
}

export class IntegrationOverviewChart extends Component<ChartProps> {
  static override template = "integration_monitor.OverviewChart";
  static override props = { chart: Object, open: Function };

  declare canvas: { readonly el: HTMLCanvasElement | null };
  declare root: { readonly el: HTMLElement | null };

  override setup(): void {
    this.canvas = useRef("canvas");
    this.root = useRef("root");
    const library = useState({ isLoaded: false });
    // The numbers do not wait for it.
    onMounted(async () => {
      await loadBundle("web.chartjs_lib");
      library.isLoaded = true;
    });
    useEffect(
      () => {
        if (!library.isLoaded || !this.canvas.el) {
          return undefined;
        }
        const drawn = new Chart(this.canvas.el, this.describeDrawing());
        return () => drawn.destroy();
      },
      () => [
        library.isLoaded,
        this.canvas.el,
        JSON.stringify([this.props.chart.labels, this.props.chart.lines]),
      ],
    );
  }

  get isEmpty(): boolean {
    return isChartEmpty(this.props.chart);
  }

  /** Parts in which something happened, the latest first. */
  get rows(): { readonly label: string; readonly place: number }[] {
    const { labels, lines } = this.props.chart;
    return labels
      .map((label, place) => ({ label, place }))
      .filter(({ place }) => lines.some(({ values }) => values[place]))
      .reverse();
  }

  openPart(lineIndex: number, place: number): void {
    const { chart, open } = this.props;
    const line = chart.lines[lineIndex];
    if (line) {
      open(chart.open(line, place));
    }
  }

  describeDrawing(): object {
    const { labels, lines, kind, phrase } = this.props.chart;
    const text = this.root.el ? getComputedStyle(this.root.el).color : "#666";
    const scale = { ticks: { color: text }, grid: { color: "rgba(128, 128, 128, 0.2)" } };
    return {
      type: kind,
      data: {
        labels,
        datasets: lines.map((line, index) => ({
          label: line.label,
          data: line.values,
          borderColor: this.readColour(index),
          backgroundColor: this.readColour(index),
          borderWidth: kind === "line" ? 2 : 0,
          // The two lines of a chart differ by more than their colour.
          borderDash: index === 0 ? [] : [6, 3],
          pointRadius: 2,
          tension: 0.2,
          spanGaps: true,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        onClick: (
          _event: unknown,
          hits: readonly { readonly datasetIndex: number; readonly index: number }[],
        ) => {
          const [hit] = hits;
          if (hit) {
            this.openPart(hit.datasetIndex, hit.index);
          }
        },
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              label: (item: { readonly dataset: { readonly label: string }; readonly raw: number | null }) =>
                `${item.dataset.label}: ${phrase(item.raw)}`,
            },
          },
        },
        scales: {
          x: {
            ...scale,
            stacked: kind === "bar",
            ticks: { ...scale.ticks, maxRotation: 0, maxTicksLimit: 6 },
          },
          y: {
            ...scale,
            stacked: kind === "bar",
            beginAtZero: true,
            ticks: {
              ...scale.ticks,
              precision: 0,
              maxTicksLimit: 5,
              callback: (value: number) => phrase(value),
            },
          },
        },
      },
    };
  }

  /** The colour of the legend, as the browser shows it now. */
  readColour(index: number): string {
    const swatch = this.root.el?.querySelectorAll(".o_integration_chart_swatch")[index];
    return swatch ? getComputedStyle(swatch).color : "currentColor";
  }
}
