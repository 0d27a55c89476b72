import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../command.ts";
import { SetupFailure } from "../failure.ts";
import { cacheDir } from "../paths.ts";
import { runStep } from "../progress.ts";
import { ensureCachedTree } from "./cached_tree.ts";
import { PrivateApt } from "./private_apt.ts";

export interface OdooPackage {
  /** Folder for PYTHONPATH. */
  readonly pythonPath: string;
  readonly addonsPath: string;
}

// Where the package's relative links lead: it expects the system's shared files beside its own.
const sharedFolders = ["javascript", "fonts", "fonts-font-awesome"];

// Debian leaves this file out for its licence, but the mail addon still names it: every page and every bundle
// would log an error. It blurs the background of video calls, which we have none of.
const leftOutFile =
  "usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js";

/** Odoo 19 Community from Debian's archive, unpacked into the cache. */
export async function ensureOdooPackage(signal: AbortSignal): Promise<OdooPackage> {
  const dir = join(cacheDir(), "odoo-19.0");
  const build = (folder: string) => fetchOdoo(folder, signal);
  if (existsSync(join(dir, ".complete"))) await ensureCachedTree(dir, build);
  else await runStep("Odoo 19 from Debian's archive (120 MB)", () => ensureCachedTree(dir, build));
  const pythonPath = join(dir, "tree/usr/lib/python3/dist-packages");
  return { pythonPath, addonsPath: join(pythonPath, "odoo/addons") };
}

async function fetchOdoo(folder: string, signal: AbortSignal): Promise<Record<string, unknown>> {
  const site = await archiveSite(signal);
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const apt = new PrivateApt(join(folder, "apt"), `deb [signed-by=${keyring}] ${site} sid main\n`, signal);
  await apt.update();
  const tree = join(folder, "tree");
  await apt.unpack(["odoo-19"], tree);
  rmSync(join(folder, "apt"), { recursive: true });
  for (const name of sharedFolders) {
    const link = join(tree, "usr/share", name);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(join("/usr/share", name), link);
  }
  const leftOut = join(tree, leftOutFile);
  mkdirSync(dirname(leftOut), { recursive: true });
  if (!existsSync(leftOut)) writeFileSync(leftOut, "/* left out of Debian's package */\n");
  return { site, fetchedAt: new Date().toISOString() };
}

/** The archive this machine installs Debian from; so no host name stands in this file. */
async function archiveSite(signal: AbortSignal): Promise<string> {
  const format = "$(ORIGIN)|$(LABEL)|$(SITE)";
  const run = await runCommand("apt-get", ["indextargets", "--format", format], { signal });
  const fromLists = run.stdout.split("\n").map((line) => line.split("|"));
  // Origin and label are known only once the system's lists were fetched; else the first source must do.
  const chosen =
    fromLists.find(([origin, label]) => origin === "Debian" && label === "Debian") ??
    fromLists.find(([, , site]) => site?.includes("debian") && !site.includes("security"));
  const site = chosen?.[2];
  if (!site) {
    throw new SetupFailure(
      "No Debian archive is configured for apt (apt-get indextargets lists none), so Odoo cannot be fetched.\n" +
        "Put this machine's Debian source into /etc/apt/sources.list and run the same command again.",
    );
  }
  return site;
}
