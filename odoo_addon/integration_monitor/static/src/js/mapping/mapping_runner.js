// web/src/mapping/mapping_runner.ts
/** More than the program's own limit, for what no clock is looked at in. */
var runMsMax = 1500;
var MappingRunner = class {
	#options;
	#worker;
	#running;
	#next;
	#cancelDeadline = () => void 0;
	constructor(options) {
		this.#options = options;
	}
	/** Replaces what waits, and what is under way: its outcome is no longer told. */
	run(expression, event) {
		this.#next = {
			expression,
			event
		};
		if (this.#running === void 0) this.#start();
	}
	/** Forgets all requests and ends the worker. */
	close() {
		this.#next = void 0;
		this.#endWorker();
	}
	#start() {
		const request = this.#next;
		if (request === void 0) return;
		this.#next = void 0;
		this.#running = request;
		let worker;
		try {
			worker = this.#worker ?? this.#options.openWorker();
		} catch {
			this.#finish({ kind: "unavailable" });
			return;
		}
		this.#worker = worker;
		worker.onmessage = ({ data }) => this.#finish(data);
		worker.onerror = () => {
			this.#endWorker();
			this.#finish({ kind: "unavailable" });
		};
		this.#cancelDeadline = this.#options.schedule(() => {
			this.#endWorker();
			this.#finish({ kind: "late" });
		}, runMsMax);
		worker.postMessage(request);
	}
	#finish(outcome) {
		this.#cancelDeadline();
		this.#running = void 0;
		if (this.#next === void 0) this.#options.onOutcome(outcome);
		else this.#start();
	}
	#endWorker() {
		this.#cancelDeadline();
		this.#worker?.terminate();
		this.#worker = void 0;
		this.#running = void 0;
	}
};
export { MappingRunner, runMsMax };
