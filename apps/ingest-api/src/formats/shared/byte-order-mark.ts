/** U+FEFF in UTF-8. */
export const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/** In a text with a character for each byte. */
const MARK_AS_BYTES = String.fromCharCode(...BYTE_ORDER_MARK)

/**
 * Files that are joined bring their byte order marks along: each stands before a line or a body, and is not content.
 *
 * @param isWhole false of a text with a character for each byte
 */
export function withoutMark(text: string, isWhole: boolean): string {
  const mark = isWhole ? '\ufeff' : MARK_AS_BYTES
  return text.startsWith(mark) ? text.slice(mark.length) : text
}

/** @returns the index of the first byte behind a byte order mark; 0 where there is none */
export function behindMark(bytes: Buffer): number {
  return BYTE_ORDER_MARK.every((byte, n) => bytes[n] === byte) ? BYTE_ORDER_MARK.length : 0
}
