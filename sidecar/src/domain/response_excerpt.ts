/** Turns the start of an answer's body into text that a database, a log and a screen can hold. */

/** Most characters (UTF-16 units) of an answer that are kept. */
export const excerptCharsMax = 2000;

const decoder = new TextDecoder();

/** Decodes as UTF-8, replaces what is none, and drops control characters except tab and line feed. */
export function buildExcerpt(body: Uint8Array): string {
  // 4 bytes is the longest UTF-8 sequence: more bytes than this cannot add to the excerpt, unless stripped.
  const text = decoder.decode(body.subarray(0, 8 * excerptCharsMax));
  return cutText(stripControls(text).trim(), excerptCharsMax);
}

/** At most `charsMax` characters; a cut is shown by an ellipsis and never splits a surrogate pair. */
export function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) {
    return text;
  }
  const start = text.slice(0, charsMax - 1);
  const last = start.charCodeAt(start.length - 1);
  const isHalfPair = last >= 0xd800 && last <= 0xdbff;
  return `${isHalfPair ? start.slice(0, -1) : start}…`;
}

/** C0 and C1 controls, byte order marks and the two non-characters XML forbids; PostgreSQL refuses NUL. */
function stripControls(text: string): string {
  return text.replace(/[^\P{Cc}\t\n]|[\uFEFF\uFFFE\uFFFF]/gu, "");
}
