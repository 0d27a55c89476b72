// web/src/bus_hints.ts
/** Any delivery, endpoint or worker changed. */
var MONITOR_HINTS = {
	channel: "integration_monitor.monitor",
	type: "integration_monitor.changed"
};
/** Deliveries of one business document changed. The server refuses it to people who may not read it. */
function documentHints(resModel, resId) {
	return {
		channel: `integration_monitor.document_${resModel}_${resId}`,
		type: "integration_monitor.document_changed"
	};
}
/**
* Calls `onHint` for every hint of that source, and after a lost connection came back, since hints may
* have been missed meanwhile. Returns the function that ends it.
*/
function listenForHints(bus, source, onHint) {
	const onReconnect = () => onHint(null);
	bus.subscribe(source.type, onHint);
	bus.addEventListener("BUS:RECONNECT", onReconnect);
	const added = bus.addChannel(source.channel);
	return () => {
		bus.unsubscribe(source.type, onHint);
		bus.removeEventListener("BUS:RECONNECT", onReconnect);
		added.then(() => bus.deleteChannel(source.channel));
	};
}
export { MONITOR_HINTS, documentHints, listenForHints };
