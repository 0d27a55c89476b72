import { isChartEmpty } from "./overview_charts.js";
import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
// web/src/overview/overview_chart.ts
/** Draws one chart with the Chart.js that Odoo brings, and the same numbers as a table for keyboards and readers. */
var IntegrationOverviewChart = class extends Component {
	static template = "integration_monitor.OverviewChart";
	static props = {
		chart: Object,
		open: Function
	};
	setup() {
		this.canvas = useRef("canvas");
		this.root = useRef("root");
		const library = useState({ isLoaded: false });
		onMounted(async () => {
			await loadBundle("web.chartjs_lib");
			library.isLoaded = true;
		});
		useEffect(() => {
			if (!library.isLoaded || !this.canvas.el) return;
			const drawn = new Chart(this.canvas.el, this.describeDrawing());
			return () => drawn.destroy();
		}, () => [
			library.isLoaded,
			this.canvas.el,
			JSON.stringify([this.props.chart.labels, this.props.chart.lines])
		]);
	}
	get isEmpty() {
		return isChartEmpty(this.props.chart);
	}
	/** Parts in which something happened, the latest first. */
	get rows() {
		const { labels, lines } = this.props.chart;
		return labels.map((label, place) => ({
			label,
			place
		})).filter(({ place }) => lines.some(({ values }) => values[place])).reverse();
	}
	openPart(lineIndex, place) {
		const { chart, open } = this.props;
		const line = chart.lines[lineIndex];
		if (line) open(chart.open(line, place));
	}
	describeDrawing() {
		const { labels, lines, kind, phrase } = this.props.chart;
		const scale = {
			ticks: { color: this.root.el ? getComputedStyle(this.root.el).color : "#666" },
			grid: { color: "rgba(128, 128, 128, 0.2)" }
		};
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
					borderDash: index === 0 ? [] : [6, 3],
					pointRadius: 2,
					tension: .2,
					spanGaps: true
				}))
			},
			options: {
				animation: false,
				maintainAspectRatio: false,
				interaction: {
					mode: "index",
					intersect: false
				},
				onClick: (_event, hits) => {
					const [hit] = hits;
					if (hit) this.openPart(hit.datasetIndex, hit.index);
				},
				plugins: {
					legend: { display: false },
					tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${phrase(item.raw)}` } }
				},
				scales: {
					x: {
						...scale,
						stacked: kind === "bar",
						ticks: {
							...scale.ticks,
							maxRotation: 0,
							maxTicksLimit: 6
						}
					},
					y: {
						...scale,
						stacked: kind === "bar",
						beginAtZero: true,
						ticks: {
							...scale.ticks,
							precision: 0,
							maxTicksLimit: 5,
							callback: (value) => phrase(value)
						}
					}
				}
			}
		};
	}
	/** The colour of the legend, as the browser shows it now. */
	readColour(index) {
		const swatch = this.root.el?.querySelectorAll(".o_integration_chart_swatch")[index];
		return swatch ? getComputedStyle(swatch).color : "currentColor";
	}
};
export { IntegrationOverviewChart };
