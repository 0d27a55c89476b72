import { type PackageGroup, runGroups, testGroups } from "./packages/needed_packages.ts";
import { ensureOdooPackage, type OdooPackage } from "./packages/odoo_package.ts";
import { ensureServicePackages, type ServicePackages } from "./packages/service_packages.ts";
import { ensureSystemPackages } from "./packages/system_packages.ts";

/** The programs a stack is made of, all present. */
export interface Machine {
  readonly services: ServicePackages;
  readonly odoo: OdooPackage;
}

export type Purpose = "run" | "test";

const groupsOf: Record<Purpose, readonly PackageGroup[]> = { run: runGroups, test: testGroups };

/** Fetches and installs what is missing; nothing to do on the second call. */
export async function prepareMachine(purpose: Purpose, signal: AbortSignal): Promise<Machine> {
  await ensureSystemPackages(groupsOf[purpose], signal);
  return { services: await ensureServicePackages(signal), odoo: await ensureOdooPackage(signal) };
}
