import { createServer } from "node:net";
import { SetupFailure } from "./failure.ts";

export const loopback = "127.0.0.1";

/** Whether nobody listens on that port of the loopback address. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, loopback, () => server.close(() => resolve(true)));
  });
}

function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, loopback, () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Hands out ports; never the same one twice, so that two services chosen in one go do not collide. */
export class PortChooser {
  readonly #taken = new Set<number>();

  /**
   * The port a person fixed, or the usual one when it is free, or any free one.
   * Throws SetupFailure when a fixed port is in use.
   */
  async choose(purpose: string, usual: number | undefined, fixed?: number): Promise<number> {
    if (fixed !== undefined) {
      if (this.#taken.has(fixed) || !(await isPortFree(fixed))) {
        throw new SetupFailure(
          `Port ${fixed} for ${purpose} is in use. Stop what listens there, or leave the option out to have a free port chosen.`,
        );
      }
      this.#taken.add(fixed);
      return fixed;
    }
    if (usual !== undefined && !this.#taken.has(usual) && (await isPortFree(usual))) {
      this.#taken.add(usual);
      return usual;
    }
    let port = await anyFreePort();
    while (this.#taken.has(port)) port = await anyFreePort();
    this.#taken.add(port);
    return port;
  }
}
