/** Frames as a broker sends them (AMQP 0-9-1 §4.2), to put words into its mouth. */

export function writeMethod(channel: number, classId: number, methodId: number, args: Buffer): Buffer {
  const payload = Buffer.concat([writeShort(classId), writeShort(methodId), args]);
  return writeFrame(1, channel, payload);
}

export function writeFrame(type: number, channel: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(7);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
}

/** connection.close */
export function writeConnectionClose(code: number, text: string): Buffer {
  return writeMethod(0, 10, 50, Buffer.concat([writeShort(code), writeText(text), Buffer.alloc(4)]));
}

/** channel.close */
export function writeChannelClose(code: number, text: string): Buffer {
  return writeMethod(1, 20, 40, Buffer.concat([writeShort(code), writeText(text), Buffer.alloc(4)]));
}

/** connection.blocked and connection.unblocked, RabbitMQ's extension */
export function writeBlocked(reason: string): Buffer {
  return writeMethod(0, 10, 60, writeText(reason));
}

export const unblocked = writeMethod(0, 10, 61, Buffer.alloc(0));

/** basic.ack */
export function writeAck(deliveryTag: bigint): Buffer {
  const args = Buffer.alloc(9);
  args.writeBigUInt64BE(deliveryTag, 0);
  return writeMethod(1, 60, 80, args);
}

/** The beginning of a returned message that announces a size. */
export function writeReturnOf(bodyBytes: bigint): Buffer {
  const head = Buffer.alloc(14);
  head.writeUInt16BE(60, 0);
  head.writeBigUInt64BE(bodyBytes, 4);
  const args = Buffer.concat([writeShort(312), writeText("NO_ROUTE"), writeText(""), writeText("")]);
  return Buffer.concat([writeMethod(1, 60, 50, args), writeFrame(2, 1, head)]);
}

export function writeShort(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function writeText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
