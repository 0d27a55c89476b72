import { readState } from "./stack_state.ts";

export type Service = "sidecar" | "rabbitmq" | "receiver";

/** Stops a service of the stack; resolves when its process is gone. */
export function stopService(service: Service): Promise<void> {
  return command(service, "stop");
}

/** Starts it again; resolves when it is ready. */
export function startService(service: Service): Promise<void> {
  return command(service, "start");
}

async function command(service: Service, verb: "stop" | "start"): Promise<void> {
  const { control_url } = readState();
  if (!control_url) throw new Error("The stack was started without service control (--control)");
  const response = await fetch(`${control_url}/services/${service}/${verb}`, { method: "POST" });
  if (!response.ok) throw new Error(`${verb} ${service}: ${response.status} ${await response.text()}`);
}
