import { resolve } from "node:path";
import { createReceiver } from "./app.ts";
import { EventStore } from "./event_store.ts";

// The sample receiver as a program. HTTP_HOST (127.0.0.1), HTTP_PORT (8071), RECEIVER_DATA_DIR (.stack/receiver).

const host = process.env.HTTP_HOST ?? "127.0.0.1";
const port = Number(process.env.HTTP_PORT ?? 8071);
const dir = resolve(process.env.RECEIVER_DATA_DIR ?? ".stack/receiver");
const server = createReceiver(new EventStore(dir), () => new Date()).listen(port, host, () => {
  console.log(JSON.stringify({ event: "receiver.ready", url: `http://${host}:${port}` }));
});
server.on("error", (error) => {
  console.error(`The sample receiver cannot listen on ${host}:${port}: ${error.message}`);
  process.exit(1);
});

for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    server.close();
    server.closeAllConnections();
    process.exit(0);
  });
}
