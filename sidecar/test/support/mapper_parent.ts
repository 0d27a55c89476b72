/** Runs an endless mapping and tells its own parent which process does. */
import { MappingChild } from "../../src/adapters/mapping/mapping_child.ts";

const child = new MappingChild();
const event = JSON.stringify({ data: {} });
// The second run begins when the first has shown that the process works.
await child.run({ expression: "1", event }, 10_000);
void child.run({ expression: process.argv[2] ?? "1", event }, 600_000);
process.send?.({ childPid: child.pid });
