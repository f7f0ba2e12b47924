/** A value of MessagePack that holds others, or none. */
export interface Head {
  /** Bytes of its head and, where it holds no others, of its content. */
  bytes: number
  /** Of those, the head. */
  headBytes: number
  /** Values that it holds. */
  children: number
  isText: boolean
}

/** Bytes of a length that is written behind the first byte, and what stands behind the length. */
interface Sized {
  readonly lengthBytes: 1 | 2 | 4
  readonly more: number
  /** Values for each of the length; 0: it counts bytes. */
  readonly childrenOfOne: 0 | 1 | 2
}

const SIZED: ReadonlyMap<number, Sized> = new Map([
  [0xc4, { lengthBytes: 1, more: 0, childrenOfOne: 0 }],
  [0xc5, { lengthBytes: 2, more: 0, childrenOfOne: 0 }],
  [0xc6, { lengthBytes: 4, more: 0, childrenOfOne: 0 }],
  [0xc7, { lengthBytes: 1, more: 1, childrenOfOne: 0 }],
  [0xc8, { lengthBytes: 2, more: 1, childrenOfOne: 0 }],
  [0xc9, { lengthBytes: 4, more: 1, childrenOfOne: 0 }],
  [0xd9, { lengthBytes: 1, more: 0, childrenOfOne: 0 }],
  [0xda, { lengthBytes: 2, more: 0, childrenOfOne: 0 }],
  [0xdb, { lengthBytes: 4, more: 0, childrenOfOne: 0 }],
  [0xdc, { lengthBytes: 2, more: 0, childrenOfOne: 1 }],
  [0xdd, { lengthBytes: 4, more: 0, childrenOfOne: 1 }],
  [0xde, { lengthBytes: 2, more: 0, childrenOfOne: 2 }],
  [0xdf, { lengthBytes: 4, more: 0, childrenOfOne: 2 }],
])

/** Numbers, and extensions of a fixed size, from 0xca to 0xd8. */
const FIXED = [5, 9, 2, 3, 5, 9, 2, 3, 5, 9, 3, 4, 6, 10, 18] as const

/**
 * Reads the head of the value at a place.
 *
 * @param head receives it: this is called for each value of a chunk
 * @returns false where more bytes have to come first
 * @throws RangeError for the one byte that begins no value
 */
export function readHead(bytes: Buffer, at: number, head: Head): boolean {
  if (at >= bytes.length) return false
  const first = bytes[at]!
  head.headBytes = 1
  head.bytes = 1
  head.children = 0
  head.isText = false
  if (first < 0x80 || first >= 0xe0 || first === 0xc0 || first === 0xc2 || first === 0xc3) return true
  if (first < 0x90) head.children = 2 * (first & 0x0f)
  else if (first < 0xa0) head.children = first & 0x0f
  else if (first < 0xc0) {
    head.bytes = 1 + (first & 0x1f)
    head.isText = true
  } else if (first >= 0xca && first <= 0xd8) head.bytes = head.headBytes = FIXED[first - 0xca]!
  else return readSized(bytes, at, first, head)
  return true
}

function readSized(bytes: Buffer, at: number, first: number, head: Head): boolean {
  const sized = SIZED.get(first)
  if (sized === undefined) throw new RangeError('0xc1 begins no value of MessagePack')
  const { lengthBytes, more, childrenOfOne } = sized
  head.headBytes = 1 + lengthBytes + more
  if (at + 1 + lengthBytes > bytes.length) return false
  const length = bytes.readUIntBE(at + 1, lengthBytes)
  head.children = length * childrenOfOne
  head.bytes = head.headBytes + (childrenOfOne === 0 ? length : 0)
  head.isText = first >= 0xd9 && first <= 0xdb
  return true
}
