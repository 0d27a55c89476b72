import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { connect } from "amqplib";
import { afterEach, expect, test } from "vitest";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const weekS = 7 * 24 * 3600;
const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

test("the consumer applies an event once, also a week later, and puts aside what is not genuine", async () => {
  const { lines, publish, countRefused } = await startConsumer();
  const body = eventBody("e1", "000000000002");
  publish("e1", body, { ageS: weekS });
  publish("e1", body, { ageS: weekS });
  publish("e0", eventBody("e0", "000000000001"));
  publish("e2", `${body} `, { signed: body });
  publish("e3", "not json");
  const texts = () => lines.filter((line) => /^e\d: /.test(line));
  await expect.poll(() => texts().length, { timeout: 15_000 }).toBe(5);
  expect(texts()).toEqual([
    "e1: applied",
    "e1: duplicate, already applied",
    "e0: older than what we have, ignored",
    "e2: the signature does not match",
    expect.stringMatching(/^e3: not understood/),
  ]);
  await expect.poll(countRefused, { timeout: 15_000 }).toBe(2);
});

function eventBody(id: string, sequence: string): string {
  return JSON.stringify({ id, type: "odoo.test.v1", partitionkey: "account.move/42", sequence, data: {} });
}

async function startConsumer() {
  const url = process.env.IM_TEST_AMQP_URL;
  if (!url) throw new Error('IM_TEST_AMQP_URL is not set. Run "npm test", which starts a broker and sets it');
  const name = `test.${randomUUID()}`;
  const connection = await connect(url);
  const channel = await connection.createChannel();
  closings.push(async () => {
    await channel.deleteQueue(name);
    await channel.deleteQueue(`${name}.refused`);
    await channel.deleteExchange(name);
    await connection.close();
  });
  const child: ChildProcess = spawn(process.execPath, ["docs/examples/consumer.ts"], {
    env: { ...process.env, SIGNING_SECRET: secret, AMQP_URL: url, EXCHANGE: name, QUEUE: name },
    stdio: ["ignore", "pipe", "inherit"],
  });
  closings.push(() => child.kill());
  const lines: string[] = [];
  if (child.stdout) createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await expect.poll(() => lines.at(-1), { timeout: 15_000 }).toBe(`waiting for events in ${name}`);

  const publish = (id: string, body: string, { signed = body, ageS = 0 } = {}) => {
    const timestamp = Math.floor(Date.now() / 1000) - ageS;
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${signed}`).digest("base64");
    const headers = {
      "webhook-id": id,
      "webhook-timestamp": `${timestamp}`,
      "webhook-signature": `v1,${mac}`,
    };
    channel.publish(name, "odoo.test.v1", Buffer.from(body), { messageId: id, headers });
  };
  const countRefused = async () => (await channel.checkQueue(`${name}.refused`)).messageCount;
  return { lines, publish, countRefused };
}
