/** Keeps the rows of a list or kanban view of deliveries up to date. */
import { useEffect } from "@odoo/owl";
import type { MultiRecordModel } from "multi-record-model";
import { MONITOR_HINTS } from "./bus_hints.ts";
import { useLiveRefresh } from "./live_refresh.ts";

/** Least time between two reloads, in ms. */
const RELOAD_SPACING_MS = 1000;

/**
 * Owl hook for view controllers, to be called in `setup()`. Rows that somebody has ticked or is editing
 * stay as they are; the view catches up as soon as the hands are off.
 */
export function useLiveRows(model: MultiRecordModel): void {
  let isStale = false;
  const gate = useLiveRefresh({
    getSource: () => MONITOR_HINTS,
    refresh: async () => {
      isStale = isInUse(model);
      if (!isStale) {
        await model.load();
      }
    },
    spacingMs: RELOAD_SPACING_MS,
  });
  useEffect(
    (isInUseNow) => {
      if (!isInUseNow && isStale) {
        gate.request();
      }
    },
    () => [isInUse(model)],
  );
}

function isInUse({ root }: MultiRecordModel): boolean {
  return root.selection.length > 0 || root.isDomainSelected || Boolean(root.editedRecord);
}
