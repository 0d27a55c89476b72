/** Receivers that answer nonsense: the sender always comes back with a judged answer, in time, in bounded memory. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Answer, failureClasses } from "../src/domain/delivery.ts";
import { decide } from "../src/domain/retry_policy.ts";
import { buildClaim, buildEndpoint } from "./builders.ts";
import { cleanUpAfterEach, endpointAt, openSender, post } from "./doubles/sender_stage.ts";
import { flood, startRawServer } from "./support/raw_server.ts";

cleanUpAfterEach();

const ok = "HTTP/1.1 200 OK\r\n";

/** Whatever came, it leads to one of the three decisions, with a text that can be shown. */
function expectJudged(answer: Answer): void {
  if (answer.kind === "broken") {
    expect(failureClasses).toContain(answer.failureClass);
    expect(answer.error).not.toBe("");
    expect(answer.error).not.toMatch(/\n\s+at /);
    expect(answer.error.length).toBeLessThan(1000);
  } else {
    if (answer.kind !== "answered") throw new Error(`expected an answer over HTTP, got ${answer.kind}`);
    expect(answer.statusCode).toBeGreaterThanOrEqual(100);
    expect(answer.statusCode).toBeLessThanOrEqual(999);
    expect(answer.excerpt.length).toBeLessThanOrEqual(2000);
  }
  const decision = decide(answer, buildClaim(), buildEndpoint(), new Date("2026-11-20T08:31:54Z"), 0.5);
  expect(["delivered", "retry", "failed"]).toContain(decision.kind);
  if (decision.kind === "retry") expect(Number.isFinite(decision.retryDelayS)).toBe(true);
}

async function ask(say: Parameters<typeof startRawServer>[0], timeoutMs = 2000): Promise<Answer> {
  const server = await startRawServer(say);
  return post(openSender(), endpointAt(server.url, { timeoutMs }));
}

const wholeAnswers: Readonly<Record<string, string>> = {
  "a status line that is not HTTP": "SSH-2.0-OpenSSH_9.2\r\n",
  "a status code of five digits": "HTTP/1.1 20000 OK\r\n\r\n",
  "a status code with letters": "HTTP/1.1 2OO OK\r\n\r\n",
  "a negative status code": "HTTP/1.1 -200 OK\r\n\r\n",
  "an unknown version": "HTTP/9.9 200 OK\r\ncontent-length: 0\r\n\r\n",
  "only a line break": "\r\n",
  "NUL bytes": "\0\0\0\0",
  "a header without a colon": `${ok}nonsense\r\n\r\n`,
  "a header with a NUL in its value": `${ok}x: a\0b\r\ncontent-length: 0\r\n\r\n`,
  "a folded header": `${ok}x: a\r\n b\r\ncontent-length: 0\r\n\r\n`,
  "two lengths that differ": `${ok}content-length: 2\r\ncontent-length: 5\r\n\r\nok`,
  "a length that is no number": `${ok}content-length: lots\r\n\r\n`,
  "a negative length": `${ok}content-length: -5\r\n\r\n`,
  "a length beyond any number": `${ok}content-length: 99999999999999999999999999\r\n\r\nx`,
  "a length and chunks at once": `${ok}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  "chunks without a size": `${ok}transfer-encoding: chunked\r\n\r\nzzz\r\nhello\r\n`,
  "a chunk larger than any memory": `${ok}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nhello`,
  "a length longer than what comes": `${ok}content-length: 500\r\n\r\nshort`,
  "a switch to another protocol":
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
  "bytes that are no UTF-8": `${ok}content-length: 4\r\n\r\n\xff\xfe\xfd\xfc`,
};

test.each(Object.entries(wholeAnswers))("%s leads to a judged answer", async (_name, text) => {
  expectJudged(await ask((socket) => socket.end(Buffer.from(text, "latin1"))));
});

test.each(Object.entries(wholeAnswers))("%s, and then silence, ends at the deadline", async (_name, text) => {
  expectJudged(await ask((socket) => void socket.write(Buffer.from(text, "latin1")), 300));
});

test("a connection that closes without a word is a lost connection", async () => {
  const answer = await ask((socket) => socket.destroy());
  expect(answer).toMatchObject({ kind: "broken", failureClass: "reset" });
});

const floods: Readonly<Record<string, readonly [string, string]>> = {
  "headers without end": [ok, "x-flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"],
  "one header without end": [`${ok}x-flood: `, "a".repeat(4096)],
  "a status text without end": ["HTTP/1.1 200 ", "O".repeat(4096)],
  "interim answers without end": ["", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"],
  "a body without end": [`${ok}\r\n`, "b".repeat(65_536)],
  "chunks without end": [`${ok}transfer-encoding: chunked\r\n\r\n`, `1000\r\n${"c".repeat(4096)}\r\n`],
  "chunk extensions without end": [`${ok}transfer-encoding: chunked\r\n\r\n1;`, "e".repeat(4096)],
  "trailers without end": [`${ok}transfer-encoding: chunked\r\n\r\n0\r\n`, `t: ${"t".repeat(100)}\r\n`],
};

test.each(Object.entries(floods))(
  "%s are cut: bounded memory, judged answer",
  async (_name, [start, part]) => {
    const server = await startRawServer((socket) => {
      socket.write(start);
      flood(socket, part.repeat(Math.ceil(16_384 / part.length)));
    });
    const before = process.memoryUsage();
    const answer = await post(openSender(), endpointAt(server.url, { timeoutMs: 1000 }));
    const after = process.memoryUsage();
    expectJudged(answer);
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    // What is kept of an answer is 64 KiB; the rest is room for the collector.
    expect(grown).toBeLessThan(100 * 1024 * 1024);
  },
);

test("a compressed bomb is not unpacked", async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
  const head = `${ok}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
  const answer = await ask((socket) => {
    socket.write(head);
    socket.end(bomb);
  });
  expect(answer).toMatchObject({ kind: "answered", statusCode: 200, excerpt: "" });
});

test("any bytes for an answer lead to a judged answer", async () => {
  let bytes: Uint8Array = new Uint8Array();
  const server = await startRawServer((socket) => socket.end(bytes));
  const sender = openSender();
  const pieces = fc.constantFrom(
    ...["HTTP/1.1 ", "200", "503", "OK", "\r\n", "\r\n\r\n", ":", " ", "content-length", "transfer-encoding"],
    ...[
      "chunked",
      "0",
      "5",
      "retry-after",
      "Fri, 31 Dec 9999 23:59:59 GMT",
      "-1",
      "1e999",
      "connection",
      "close",
    ],
  );
  const text = fc.array(pieces, { maxLength: 30 }).map((parts) => Buffer.from(parts.join("")));
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.uint8Array({ maxLength: 400 })), async (answer) => {
      bytes = answer;
      expectJudged(await post(sender, endpointAt(server.url, { timeoutMs: 1000 })));
    }),
    { numRuns: 150 },
  );
});
