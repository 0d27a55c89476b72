import type { Claim, Lane } from "../../src/domain/delivery.ts";
import { BrokerUnavailable, type Received } from "../../src/ports/broker.ts";
import { BrokerDouble } from "./broker_double.ts";

type TakeClaim = (message: Received<Claim>) => void;

/** The broker in memory, with a record of its lanes and of what is not acknowledged. */
export class LaneBrokerDouble extends BrokerDouble {
  /** "7.urgent" → prefetch, for lanes being consumed. */
  readonly openLanes = new Map<string, number>();
  /** How many calls of consumeLane fail from now on. */
  refusedOpenings = 0;
  readonly #consumers = new Map<string, TakeClaim>();
  readonly #unsettled = new Set<Claim>();
  #connectionNumber = 1;

  /** Claims published or handed out, and not acknowledged by anyone. */
  get unsettledClaimCount(): number {
    return this.#unsettled.size;
  }

  override async publishClaim(claim: Claim): Promise<void> {
    this.#unsettled.add(claim);
    await super.publishClaim(claim);
  }

  override async consumeLane(
    endpointId: number,
    lane: Lane,
    prefetch: number,
    onClaim: TakeClaim,
  ): Promise<void> {
    if (this.refusedOpenings > 0) {
      this.refusedOpenings -= 1;
      throw new BrokerUnavailable("refused by the test");
    }
    const take: TakeClaim = (message) => onClaim(this.#watch(message));
    this.openLanes.set(`${endpointId}.${lane}`, prefetch);
    this.#consumers.set(`${endpointId}.${lane}`, take);
    await super.consumeLane(endpointId, lane, prefetch, take);
  }

  override async cancelLane(endpointId: number, lane: Lane): Promise<void> {
    this.openLanes.delete(`${endpointId}.${lane}`);
    await super.cancelLane(endpointId, lane);
  }

  /** Hands out a claim on any lane. The message can be taken back by setting `isOurs`. */
  handOut(
    claim: Claim,
    on: { readonly endpointId: number; readonly lane: Lane },
    isRedelivered = false,
  ): { isOurs: boolean } {
    this.#unsettled.add(claim);
    const message = {
      value: claim,
      isRedelivered,
      isOurs: true,
      ack: () => {
        message.isOurs = false;
      },
    };
    this.#consumers.get(`${on.endpointId}.${on.lane}`)?.(message);
    return message;
  }

  override disconnect(): void {
    this.#connectionNumber += 1;
    super.disconnect();
  }

  /** Loses the connection and gets it back: everything unacknowledged is handed out again. */
  bounce(): void {
    this.disconnect();
    this.reconnect();
  }

  #watch(message: Received<Claim>): Received<Claim> {
    const connectionNumber = this.#connectionNumber;
    return {
      value: message.value,
      isRedelivered: message.isRedelivered,
      get isOurs() {
        return message.isOurs;
      },
      ack: () => {
        // A copy from before a lost connection settles nothing.
        if (connectionNumber === this.#connectionNumber) {
          this.#unsettled.delete(message.value);
        }
        message.ack();
      },
    };
  }
}
