// web/src/overview/overview_csv.ts
var HEADER = [
	"section",
	"item",
	"figure",
	"value",
	"unit"
];
/** Spreadsheets take a text that begins so for a formula, and would run what a partner or endpoint is called. */
var FORMULA_START = /^[=+\-@\t\r]/;
/**
* @param codeOf the ISO code of a currency, by its id
* @returns the text of the file, with the byte order mark by which spreadsheets know UTF-8
*/
function writeOverviewCsv(overview, codeOf) {
	return `\uFEFF${[HEADER, ...listRows(overview, codeOf)].map((row) => row.map(writeCell).join(",")).join("\r\n")}\r\n`;
}
function writeCell(value) {
	if (typeof value === "number") return String(value);
	const text = FORMULA_START.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
}
/** `overview-24h-2026-11-20T08-32.csv`, by the server's clock. */
function nameOverviewFile({ period, serverTimeMs }) {
	return `overview-${period}-${new Date(serverTimeMs).toISOString().slice(0, 16).replace(":", "-")}.csv`;
}
function listRows(overview, codeOf) {
	const { series } = overview;
	return [
		[
			"overview",
			"",
			"at",
			instant(overview.serverTimeMs),
			"time"
		],
		[
			"overview",
			"",
			"waiting",
			overview.pendingCount,
			"deliveries"
		],
		[
			"overview",
			"",
			"in transit",
			overview.queuedCount,
			"deliveries"
		],
		[
			"overview",
			"",
			"need attention",
			overview.failedCount,
			"deliveries"
		],
		[
			"overview",
			"",
			"delivered",
			overview.deliveredCount,
			"attempts"
		],
		...listHeld("overview", "", overview.held, codeOf),
		...overview.processes.flatMap((process) => [
			[
				"process",
				process.name,
				"waiting",
				process.waitingCount,
				"deliveries"
			],
			[
				"process",
				process.name,
				"need attention",
				process.failedCount,
				"deliveries"
			],
			...listHeld("process", process.name, process.held, codeOf)
		]),
		...overview.endpoints.flatMap((endpoint) => [
			[
				"endpoint",
				endpoint.name,
				"state",
				endpoint.state,
				""
			],
			[
				"endpoint",
				endpoint.name,
				"breaker",
				endpoint.breakerState,
				""
			],
			[
				"endpoint",
				endpoint.name,
				"waiting",
				endpoint.pendingCount,
				"deliveries"
			],
			[
				"endpoint",
				endpoint.name,
				"need attention",
				endpoint.failedCount,
				"deliveries"
			],
			[
				"endpoint",
				endpoint.name,
				"oldest waiting since",
				instant(endpoint.oldestAtMs),
				"time"
			],
			[
				"endpoint",
				endpoint.name,
				"last delivery",
				instant(endpoint.lastDeliveredAtMs),
				"time"
			],
			...listHeld("endpoint", endpoint.name, endpoint.held, codeOf)
		]),
		...overview.workers.flatMap((worker) => [[
			"sidecar",
			worker.name,
			"last seen",
			instant(worker.lastSeenAtMs),
			"time"
		]]),
		...series.starts.flatMap((start, place) => {
			const from = `${start.replace(" ", "T")}Z`;
			return [
				[
					"period",
					from,
					"delivered",
					series.delivered[place] ?? 0,
					"attempts"
				],
				[
					"period",
					from,
					"to be retried",
					series.retried[place] ?? 0,
					"attempts"
				],
				[
					"period",
					from,
					"refused",
					series.failed[place] ?? 0,
					"attempts"
				],
				[
					"period",
					from,
					"half delivered within",
					series.halfWithinMs[place] ?? "",
					"ms"
				],
				[
					"period",
					from,
					"95 of 100 delivered within",
					series.mostWithinMs[place] ?? "",
					"ms"
				]
			];
		})
	];
}
function listHeld(section, item, held, codeOf) {
	return [
		[
			section,
			item,
			"held up",
			held.deliveryCount,
			"deliveries"
		],
		[
			section,
			item,
			"held up",
			held.documentCount,
			"documents"
		],
		[
			section,
			item,
			"held up since",
			instant(held.sinceMs),
			"time"
		],
		...held.money.map(({ amount, currencyId }) => [
			section,
			item,
			"held up",
			amount,
			codeOf(currencyId)
		])
	];
}
function instant(instantMs) {
	return instantMs === null ? "" : new Date(instantMs).toISOString();
}
export { nameOverviewFile, writeCell, writeOverviewCsv };
