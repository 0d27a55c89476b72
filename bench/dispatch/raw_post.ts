// Nothing but requests: what undici and the receiver can do on this machine.

import { Pool } from "undici";
import { readSettings, serveContender, shared } from "./contender.ts";
import { buildEventBody } from "./event_body.ts";

const url = new URL(readSettings().hookUrl);
const pool = new Pool(url.origin, { connections: shared.concurrency, pipelining: 1 });
const body = buildEventBody(1);
const headers = { "content-type": "application/json" };

serveContender(async (count) => {
  let left = count;
  const postOneAfterAnother = async () => {
    while (left > 0) {
      left -= 1;
      const response = await pool.request({ method: "POST", path: url.pathname, headers, body });
      await response.body.dump();
    }
  };
  await Promise.all(Array.from({ length: shared.concurrency }, postOneAfterAnother));
});
