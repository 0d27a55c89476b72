// Entry of `npm start`, `npm test` and the `npm run` commands of package.json.
//
// Plain JavaScript without dependencies, because it runs on the machine's own Node (20.19 or newer) before
// anything is installed. It installs node_modules when they do not match package-lock.json, then hands over
// to the TypeScript entry on the Node that came with them, which runs TypeScript as it is.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands } from "./usage.mjs";

const checkout = resolve(import.meta.dirname, "..");
const modules = join(checkout, "node_modules");
const stamp = join(modules, ".integration-monitor-lock");
const node = join(modules, ".bin", "node");
const entries = {
  start: "stack/start.ts",
  test: "stack/test.ts",
  chaos: "chaos/main.ts",
  bench: "bench/main.ts",
  build: "web/build.ts",
  lint: "stack/lint.ts",
  translate: "stack/translate.ts",
  screenshots: "stack/screenshots.ts",
};
const installTries = 3;

const [command = "", ...args] = process.argv.slice(2);
if (!(command in commands)) {
  console.error(`Expected one of: ${Object.keys(commands).join(", ")}; got "${command}".`);
  process.exit(2);
}
if (args.includes("--help") || args.includes("-h")) {
  console.log(commands[command]);
  process.exit(0);
}
if (!isNodeNewEnough(process.versions.node)) {
  console.error(`Node 20.19 or newer is needed, this is ${process.versions.node}. See https://nodejs.org/`);
  process.exit(1);
}
refuseLinkedModules();
if (!areModulesCurrent()) installModules();
handOver();

function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

/** `npm ci` empties node_modules first, and through a link it would empty another checkout's. */
function refuseLinkedModules() {
  if (!lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const target = existsSync(modules) ? realpathSync(modules) : "nothing";
  console.error(
    `node_modules must be a folder of this checkout, but it is a link to ${target}. Installing would empty ` +
      "what it leads to. Remove the link (rm node_modules), then run the same command again.",
  );
  process.exit(1);
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(checkout, "package-lock.json")))
    .digest("hex");
}

function areModulesCurrent() {
  if (!existsSync(node)) return false;
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash();
}

/** `npm ci`, repeated because registries fail for moments. Npm 10.8 (with Node 20.19) and 11 do it alike. */
function installModules() {
  console.log("Installing npm packages (about 200, once per change of package-lock.json)");
  for (let tryNumber = 1; tryNumber <= installTries; tryNumber += 1) {
    const startedAt = Date.now();
    // What npm has in its cache is taken from there; what it must fetch it gives up on within seconds, since
    // the whole is tried again.
    const patience = ["--prefer-offline", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
    const flags = ["--no-audit", "--no-fund", "--loglevel=error", ...patience];
    const run = spawnSync("npm", ["ci", ...flags], { cwd: checkout, stdio: "inherit" });
    if (run.signal || run.status === 130) process.exit(130);
    if (run.status === 0 && doToolsLoad()) {
      writeFileSync(stamp, lockHash());
      console.log(`  ✓ npm packages (${Math.round((Date.now() - startedAt) / 1000)} s)`);
      return;
    }
    console.error(`  ✗ npm packages: try ${tryNumber} of ${installTries} failed`);
  }
  console.error(
    "\nThe npm packages could not be installed; npm's own message stands above.\n" +
      "Check that this machine reaches its npm registry (npm ping) and that the disk is not full, then run the same command again.",
  );
  process.exit(1);
}

/** Whether Node 24 and Vite's native part are there: npm can report success without them. */
function doToolsLoad() {
  const probe = spawnSync(node, ["-e", "import('vite').catch(() => process.exit(1))"], { cwd: checkout });
  return probe.status === 0;
}

function handOver() {
  const entry = join(checkout, entries[command]);
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", entry, ...args], {
    cwd: checkout,
    // The channel tells the entry when this process is gone, however it went.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  // The entry stops its services in order; this process only passes signals on and waits. A terminal sends
  // its Ctrl-C to both already.
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  process.on("SIGHUP", () => child.kill("SIGHUP"));
  child.on("error", (error) => {
    console.error(`Could not start ${node}: ${error.message}. Delete node_modules and try again.`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}
