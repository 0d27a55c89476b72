import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
  const site = await archiveSite(join(folder, "apt/system"), signal);
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  const apt = new PrivateApt(
    join(folder, "apt/sid"),
    `deb [signed-by=${keyring}] ${site} sid main\n`,
    signal,
  );
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
async function archiveSite(dir: string, signal: AbortSignal): Promise<string> {
  const apt = new PrivateApt(dir, undefined, signal);
  await apt.update();
  const site = await apt.archiveSite();
  if (!site) throw apt.failure("Odoo could not be fetched");
  return site;
}
