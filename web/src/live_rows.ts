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
  const loads = watchLoads(model, () => catchUp());
  const gate = useLiveRefresh({
    getSource: () => MONITOR_HINTS,
    refresh: async () => {
      isStale = isInUse(model) || loads.isUnderWay();
      // Not awaited: Odoo never answers a load that another one overtakes.
      if (!isStale) void model.load();
    },
    spacingMs: RELOAD_SPACING_MS,
  });
  const catchUp = () => {
    if (!isInUse(model) && isStale) gate.request();
  };
  useEffect(catchUp, () => [isInUse(model)]);
}

/**
 * Knows whether the newest load of a view is under way: that of a pressed button or a chosen filter. Ours must not
 * overtake it, because whoever waits for it would wait for ever, with all buttons disabled.
 */
function watchLoads(model: MultiRecordModel, onLoaded: () => void): { isUnderWay(): boolean } {
  const { load } = model;
  let newest = 0;
  let isUnderWay = false;
  model.load = async function (this: MultiRecordModel, ...parameters) {
    newest += 1;
    const own = newest;
    isUnderWay = true;
    try {
      return await load.apply(this, parameters);
    } finally {
      // One that was overtaken never comes here.
      if (own === newest) {
        isUnderWay = false;
        onLoaded();
      }
    }
  };
  return { isUnderWay: () => isUnderWay };
}

function isInUse({ root }: MultiRecordModel): boolean {
  return root.selection.length > 0 || root.isDomainSelected || Boolean(root.editedRecord);
}
