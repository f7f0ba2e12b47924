/** Kinds of elements, in the lower two bits of their first byte; all others are copies of what was written before. */
const LITERAL = 0
const COPY_OF_ONE_BYTE = 1

/** Bytes of the offset, by the kind of a copy. */
const OFFSET_BYTES = [0, 1, 2, 4]

/** Above it, the length of a literal stands behind the first byte. */
const MAX_SHORT_LITERAL = 60

/**
 * Walks over the elements of a snappy block without inflating them. The library reads lengths and offsets as they come: it goes back to before
 * the beginning, writes past the end, and fills with zeros what is missing.
 *
 * @param from behind the header
 * @param length that the header names
 * @returns what is wrong with the block, undefined where nothing is
 */
export function findSnappyProblem(bytes: Buffer, from: number, length: number): string | undefined {
  let written = 0
  for (let at = from; at < bytes.length;) {
    const first = bytes[at++]!
    const kind = first & 3
    const extra = kind === LITERAL ? lengthBytesOf(first) : OFFSET_BYTES[kind]!
    if (at + extra > bytes.length) return 'it ends in the middle of an element'
    const number = extra === 0 ? 0 : bytes.readUIntLE(at, extra)
    at += extra
    if (kind === LITERAL) {
      const size = extra === 0 ? (first >>> 2) + 1 : number + 1
      if (at + size > bytes.length) return 'it ends in the middle of a literal'
      at += size
      written += size
    } else {
      const offset = kind === COPY_OF_ONE_BYTE ? ((first >>> 5) << 8) | number : number
      if (offset === 0 || offset > written) return 'a copy begins before the text'
      written += kind === COPY_OF_ONE_BYTE ? ((first >>> 2) & 7) + 4 : (first >>> 2) + 1
    }
    if (written > length) return 'it holds more than its header says'
  }
  return written < length ? 'it holds less than its header says' : undefined
}

function lengthBytesOf(first: number): number {
  return Math.max(0, (first >>> 2) + 1 - MAX_SHORT_LITERAL)
}
