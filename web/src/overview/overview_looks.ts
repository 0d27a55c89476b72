/** How the state of endpoints, processes and sidecars is said and coloured. */
import { _t } from "@web/core/l10n/translation";
import type { EndpointRow, Overview, ProcessRow, WorkerRow } from "./overview_data.ts";
import { isResting } from "./overview_summary.ts";

/** A state in words, colour and sign: none of them alone. */
export interface HealthLook {
  readonly label: string;
  readonly badgeClass: string;
  readonly iconClass: string;
}

export function describeProcess({ held }: ProcessRow, { isFlowing }: Overview): HealthLook {
  if (held.deliveryCount > 0) {
    return { label: _t("Held up"), badgeClass: "text-bg-warning", iconClass: "fa-exclamation-triangle" };
  }
  return isFlowing
    ? { label: _t("Flowing"), badgeClass: "text-bg-success", iconClass: "fa-check" }
    : { label: _t("Not sending"), badgeClass: "text-bg-secondary", iconClass: "fa-pause" };
}

export function describeHealth(endpoint: EndpointRow): HealthLook {
  if (isResting(endpoint)) {
    return { label: _t("Sends nothing for now"), badgeClass: "text-bg-warning", iconClass: "fa-pause" };
  }
  const { state, health } = endpoint;
  switch (state === "active" ? health : state) {
    case "ok":
      return { label: _t("Healthy"), badgeClass: "text-bg-success", iconClass: "fa-check" };
    case "waiting":
      return { label: _t("Waiting"), badgeClass: "text-bg-info", iconClass: "fa-hourglass-half" };
    case "failing":
      return { label: _t("Failing"), badgeClass: "text-bg-danger", iconClass: "fa-exclamation-triangle" };
    case "stopped":
      return { label: _t("Stopped"), badgeClass: "text-bg-danger", iconClass: "fa-stop" };
    case "fenced":
      return { label: _t("Fenced off"), badgeClass: "text-bg-warning", iconClass: "fa-lock" };
    case "paused":
      return { label: _t("Paused"), badgeClass: "text-bg-warning", iconClass: "fa-pause" };
    default:
      return { label: _t("Draft"), badgeClass: "text-bg-secondary", iconClass: "fa-pencil" };
  }
}

/** Whether a sidecar reaches the broker; null when it did not say. */
export function describeBroker({ isBrokerConnected }: WorkerRow): HealthLook | null {
  if (isBrokerConnected === null) {
    return null;
  }
  return isBrokerConnected
    ? { label: _t("Broker connected"), badgeClass: "text-bg-success", iconClass: "fa-check" }
    : { label: _t("Broker not reached"), badgeClass: "text-bg-danger", iconClass: "fa-times" };
}

/** What to do about one sidecar while the others do its work; empty when nothing is. The header tells of all of them. */
export function adviseOnWorker(worker: WorkerRow, { workers }: Overview): string {
  const isSending = ({ isAlive, isBrokerConnected }: WorkerRow) => isAlive && isBrokerConnected !== false;
  if (isSending(worker) || !workers.some(isSending)) {
    return "";
  }
  return worker.isAlive
    ? _t("It sends nothing until it reaches the message broker again. The others do its work.")
    : _t(
        "The others do its work. Start it again, unless it was replaced; then it disappears from here by itself.",
      );
}
