/** So that the line is not cut at the edges. */
var MARGIN = 2;
/** The highest value reaches the top, zero the ground. */
function drawSparkline(values, troubled) {
	const step = 160 / Math.max(1, values.length);
	const highest = Math.max(1, ...values);
	const room = 28;
	const points = values.map((value, place) => {
		const x = (place + .5) * step;
		const y = MARGIN + room * (1 - value / highest);
		return `${x.toFixed(1)},${y.toFixed(1)}`;
	});
	const marks = troubled.flatMap((count, place) => count > 0 ? [{
		x: place * step,
		width: step * .8
	}] : []);
	return {
		line: points.join(" "),
		marks
	};
}
export { drawSparkline };
