/** Keeps the record of a form up to date without taking anything from the person who edits it. */
import { useEffect, useState } from "@odoo/owl";
import { RPCError } from "@web/core/network/rpc";
import { useBus } from "@web/core/utils/hooks";
import { FetchRecordError } from "@web/model/relational_model/errors";
import type { RelationalRecord } from "relational-record";
import type { HintSource } from "./bus_hints.ts";
import { repeatWithGrowingPauses } from "./growing_pauses.ts";
import { useLiveRefresh } from "./live_refresh.ts";
import type { RefreshGate } from "./refresh_gate.ts";

export interface LiveRecordOptions {
  /** The record shown now; a form keeps its components when it moves to the next record. */
  readonly getRecord: () => RelationalRecord;
  /** Where its hints come from. Not asked before the first save. */
  readonly getSource: (record: RelationalRecord, resId: number) => HintSource;
  readonly isRelevant?: (payload: unknown) => boolean;
  /** Whether the record, as it was read, is bound to change soon. */
  readonly isUnsettled: (record: RelationalRecord) => boolean;
  /** Least time between two reloads, in ms. */
  readonly spacingMs: number;
  /** Longest pause between two looks at an unsettled record, in ms; half a minute if absent. */
  readonly longestPauseMs?: number;
}

/**
 * Owl hook for field widgets, to be called in `setup()`: reloads the record on every hint. While the record
 * has unsaved changes, it waits until they are saved or discarded.
 */
export function useLiveRecord(options: LiveRecordOptions): void {
  const { getRecord, getSource, isRelevant, isUnsettled, spacingMs, longestPauseMs } = options;
  /** `isTyping`: an input holds text that the record does not know yet. */
  const typing = useState({ isTyping: false });
  let isStale = false;
  const isBusy = () => isRecordInUse(getRecord()) || typing.isTyping;

  const gate = useLiveRefresh({
    getSource: () => {
      const record = getRecord();
      return record.resId ? getSource(record, record.resId) : null;
    },
    refresh: async () => {
      isStale = isBusy();
      if (!isStale) {
        await reloadRecord(getRecord());
      }
    },
    spacingMs,
    ...(isRelevant && { isRelevant }),
  });
  useBus(getRecord().model.bus, "FIELD_IS_DIRTY", ({ detail }) => {
    typing.isTyping = Boolean(detail);
  });
  useEffect(
    (isBusyNow) => {
      if (!isBusyNow && isStale) {
        gate.request();
      }
    },
    () => [isBusy()],
  );
  useCatchUp(gate, getRecord, isUnsettled, longestPauseMs);
}

/**
 * Hints may be lost: a channel opens some time after it was asked for, the bus does not repeat what was sent
 * before, and a fast sidecar delivers within that time. So a record that is bound to change is read again,
 * with growing pauses, until it has settled.
 */
function useCatchUp(
  gate: RefreshGate,
  getRecord: () => RelationalRecord,
  isUnsettled: (record: RelationalRecord) => boolean,
  longestPauseMs: number | undefined,
): void {
  useEffect(
    (resId, isWaiting) =>
      resId && isWaiting ? repeatWithGrowingPauses(() => gate.request(), longestPauseMs) : undefined,
    () => [getRecord().resId, isUnsettled(getRecord())],
  );
}

/** Whether a reload would take something from the person at the screen. */
function isRecordInUse(record: RelationalRecord): boolean {
  return record.dirty || Object.values(record.data).some(hasEditedRow);
}

/** True for a One2many value in which a row is open for editing. */
function hasEditedRow(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && "editedRecord" in value && Boolean(value.editedRecord)
  );
}

async function reloadRecord(record: RelationalRecord): Promise<void> {
  if (!record.resId) {
    return;
  }
  try {
    await record.load();
  } catch (error) {
    // The record was deleted or is no longer readable. Whoever looks at it did nothing wrong, so no
    // dialog: the form says so itself at the next click.
    if (!(error instanceof RPCError || error instanceof FetchRecordError)) {
      throw error;
    }
  }
}
