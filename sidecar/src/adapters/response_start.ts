import type { Dispatcher } from "undici";

/** Most bytes read of an answer; whatever follows is dropped together with the connection. */
export const answerBytesMax = 64 * 1024;

export interface ResponseStart {
  /** At most 64 KiB. */
  readonly bytes: Buffer;
  /** The body broke off before its end and before the limit. */
  readonly isBroken: boolean;
}

/** Never rejects: the status came before, so what a broken body means is for the caller to say. */
export async function readStart(body: Dispatcher.ResponseData["body"]): Promise<ResponseStart> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isBroken = false;
  // Leaving the loop early destroys the body; undici then reports the abort we caused ourselves.
  body.on("error", () => {});
  try {
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      size += bytes.length;
      if (size > answerBytesMax) {
        break;
      }
    }
  } catch {
    isBroken = true;
  }
  return { bytes: Buffer.concat(chunks, Math.min(size, answerBytesMax)), isBroken };
}
