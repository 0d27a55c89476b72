// web/src/overview/overview_data.ts
var PERIODS = [
	"24h",
	"7d",
	"30d",
	"90d"
];
export { PERIODS };
