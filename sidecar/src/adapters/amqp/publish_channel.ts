/**
 * A confirm channel that carries one message at a time. So whatever a broker says on it (return, confirm, or the end
 * of the channel because the exchange is missing) is about that message and no other: no delivery gets the verdict
 * of its neighbour.
 */
import type { ChannelModel, ConfirmChannel, Message } from "amqplib";
import type { BrokerMessage } from "../../domain/broker_message.ts";
import type { BrokerReply } from "../../domain/broker_reply.ts";
import { readCloseReply } from "./wary_connection.ts";

interface Confirmation {
  readonly deliveryTag: number;
}

export class PublishChannel {
  readonly #channel: ConfirmChannel;
  #publishedCount = 0;
  #returned: BrokerReply | undefined;
  #closeReply: BrokerReply | undefined;
  #isOpen = true;

  /** @param onBreach the broker confirmed what was never published */
  static async open(model: ChannelModel, onBreach: () => void): Promise<PublishChannel> {
    return new PublishChannel(await model.createConfirmChannel(), onBreach);
  }

  private constructor(channel: ConfirmChannel, onBreach: () => void) {
    this.#channel = channel;
    channel.on("error", (error) => {
      this.#closeReply = readCloseReply(error);
    });
    channel.on("close", () => {
      this.#isOpen = false;
    });
    channel.on("return", ({ fields }: Message) => {
      // The types are those of deliveries; a return carries a reply (AMQP 0-9-1 basic.return).
      const { replyCode, replyText } = fields as unknown as { replyCode: number; replyText: string };
      this.#returned = { code: replyCode, text: replyText };
    });
    this.#checkConfirmations(onBreach);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Rejects when the connection is lost; nobody knows then whether the broker has the message. */
  publish(message: BrokerMessage): Promise<BrokerReply> {
    this.#publishedCount += 1;
    this.#returned = undefined;
    return new Promise((resolve, reject) => {
      this.#channel.publish(
        message.exchange,
        message.routingKey,
        message.body,
        {
          persistent: true,
          mandatory: true,
          contentType: message.contentType,
          messageId: message.messageId,
          type: message.type,
          timestamp: message.timestampS,
          appId: message.appId,
          headers: { ...message.headers },
        },
        (error: unknown) => {
          if (!error) resolve(this.#returned ?? { code: 200, text: "" });
          else if (this.#closeReply !== undefined) resolve(this.#closeReply);
          else if (this.#isNack(error)) resolve({ code: "basic.nack", text: "" });
          else reject(error);
        },
      );
    });
  }

  #isNack(error: unknown): boolean {
    return this.#isOpen && error instanceof Error && error.message === "message nacked";
  }

  /** amqplib trusts the number in a confirm: one far too high would keep it counting for minutes. */
  #checkConfirmations(onBreach: () => void): void {
    for (const event of ["ack", "nack"]) {
      const trusting = this.#channel.listeners(event);
      this.#channel.removeAllListeners(event);
      this.#channel.on(event, (confirmation: Confirmation) => {
        const { deliveryTag } = confirmation;
        if (deliveryTag >= 1 && deliveryTag <= this.#publishedCount) {
          for (const listener of trusting) listener.call(this.#channel, confirmation);
        } else {
          onBreach();
        }
      });
    }
  }
}
