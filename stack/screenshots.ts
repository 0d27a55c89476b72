import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pictures } from "../e2e/pictures.ts";
import { prepareMachine } from "./machine.ts";
import { checkoutDir, stackPaths } from "./paths.ts";
import { PortChooser } from "./ports.ts";
import { type PrivateRun, runPrivately } from "./private_run.ts";
import { tell } from "./progress.ts";
import { parseScreenshotOptions } from "./screenshot_options.ts";
import { summarise } from "./testing/phase.ts";
import { TestBed } from "./testing/test_bed.ts";
import { ensureWebBuild } from "./web_build.ts";

// `npm run screenshots`: the stories that show what the documentation shows, and their pictures into docs/images.
// With names of stories (`-- overview.spec.ts`), with `--all` or with `--dark` (Odoo in dark colours) the pictures are
// only for looking at, and docs/images stays as it is.

const taken = join(checkoutDir, ".cache/screenshots");
const shown = join(checkoutDir, "docs/images");

process.exit(await runPrivately("screenshots", false, takePictures));

async function takePictures({ dir, supervisor, signal }: PrivateRun): Promise<boolean> {
  const options = parseScreenshotOptions(process.argv.slice(2));
  const machine = await prepareMachine("test", signal);
  await ensureWebBuild(signal);
  const bed = await TestBed.setUp(machine, stackPaths(dir), new PortChooser(), supervisor, signal);
  // What an earlier run left must not pass for a new picture.
  rmSync(taken, { recursive: true, force: true });
  process.env.E2E_NARROW = "1";
  const result = await bed.runE2e(signal, options);
  if (!options.isForDocs) {
    console.log(summarise([result]));
    tell(`All pictures, as on a phone too: ${taken}`);
    return result.failed === 0;
  }
  mkdirSync(shown, { recursive: true });
  const missing = [];
  for (const name of Object.keys(pictures)) {
    const file = join(taken, `${name}.png`);
    if (existsSync(file)) copyFileSync(file, join(shown, `${name}.png`));
    else missing.push(name);
  }
  console.log(summarise([result]));
  if (missing.length > 0) tell(`Not taken: ${missing.join(", ")}`);
  tell(`All pictures, as on a phone too: ${taken}`);
  return result.failed === 0 && missing.length === 0;
}
