import { readState } from "./stack_state.ts";

export type Hook = "steady" | "switchable";

/** One request as the sample receiver keeps it. */
export interface ReceivedEvent {
  readonly hook: Hook;
  readonly webhook_id: string;
  readonly verified: boolean;
  readonly duplicate: boolean;
  readonly status: number;
  readonly received_at: string;
  readonly event: {
    readonly type: string;
    readonly subject: string;
    readonly sequence: string;
    readonly data: Record<string, unknown>;
  };
}

/** Oldest first. */
export async function receivedEvents(hook: Hook): Promise<ReceivedEvent[]> {
  const response = await fetch(`${readState().receiver_url}/api/events?hook=${hook}`);
  if (!response.ok) throw new Error(`The sample receiver answered ${response.status}`);
  const { events } = (await response.json()) as { events: ReceivedEvent[] };
  return events.toSorted((a, b) => a.received_at.localeCompare(b.received_at));
}

/** What the hook accepted of one record, oldest first. */
export async function acceptedEvents(hook: Hook, subject: string): Promise<ReceivedEvent[]> {
  const events = await receivedEvents(hook);
  return events.filter((item) => item.event.subject === subject && item.status < 300);
}

export async function setSwitch(accept: boolean, text = ""): Promise<void> {
  const response = await fetch(`${readState().receiver_url}/api/switch`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ accept, status: 422, text }),
  });
  if (!response.ok) throw new Error(`The sample receiver refused the switch: ${response.status}`);
}
