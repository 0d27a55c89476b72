import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { lastLines, runCommand } from "./command.ts";
import { SetupFailure } from "./failure.ts";
import { checkoutDir } from "./paths.ts";
import { runStep } from "./progress.ts";

const stamp = join(checkoutDir, ".cache", "web_build");

/** Builds the web sources when they differ from the ones built last in this checkout. */
export async function ensureWebBuild(signal: AbortSignal): Promise<void> {
  const hash = hashWebSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  await runStep("web components", async () => {
    const run = await runCommand(process.execPath, [join(checkoutDir, "web/build.ts")], {
      cwd: checkoutDir,
      signal,
    });
    if (run.exitCode !== 0) {
      throw new SetupFailure(`web/build.ts failed:\n${lastLines(run.stderr || run.stdout)}`);
    }
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

function hashWebSources(): string {
  const dir = join(checkoutDir, "web");
  const hash = createHash("sha256");
  for (const path of readdirSync(dir, { recursive: true, encoding: "utf8" }).sort()) {
    if (/\.(ts|js|mjs|json|xml|scss|css)$/.test(path))
      hash.update(`${path}\0`).update(readFileSync(join(dir, path)));
  }
  return hash.digest("hex");
}
