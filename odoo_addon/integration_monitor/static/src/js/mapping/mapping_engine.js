// web/src/mapping/mapping_engine.ts
var mappingEngine = { openWorker() {
	return new Worker(`/integration_monitor/static/lib/mapping_worker.js?v=2bf4a0523e2e`);
} };
export { mappingEngine };
