import { decodeValue } from './fluent-codec.ts'
import { readHead } from './read-head.ts'
import { findValue } from './scan-values.ts'

/** What one message of the forward protocol consists of. */
export interface ForwardMessage {
  readonly tag: string
  /** `[time, record]`, one behind the other. */
  readonly entries: Buffer
  /** How many there are; undefined: as many as there are bytes. */
  readonly count: number | undefined
  /** Compression of the entries: `gzip`, `zstd`. */
  readonly compressed: string | undefined
  /** The client waits for an acknowledgement of this. */
  readonly chunk: string | undefined
}

const TWO_VALUES = Buffer.from([0x92])
const MAX_CHUNK_LENGTH = 1024

/**
 * Takes a message apart, of any of the four modes: `[tag, time, record, option?]`, `[tag, [[time, record], ...], option?]`, and
 * `[tag, bytes, option?]`, whose bytes are such entries, plain or compressed.
 *
 * @throws Error for any other mode
 */
export function readMessage(bytes: Buffer): ForwardMessage {
  const values = splitArray(bytes)
  const [tagBytes, second] = values
  if (tagBytes === undefined || second === undefined) throw new TypeError('a message has a tag and entries')
  const tag = decodeValue(tagBytes)
  if (typeof tag !== 'string') throw new TypeError('a tag is text')
  const list = headOf(second)
  if (isList(second)) {
    const entries = second.subarray(list.headBytes)
    return { tag, entries, count: list.children, ...readOption(values[2]) }
  }
  if (isBytes(second)) {
    return { tag, entries: second.subarray(list.headBytes), count: undefined, ...readOption(values[2]) }
  }
  const record = values[2]
  if (record === undefined) throw new TypeError('a message has a record')
  // As the one entry of a list.
  return { tag, entries: Buffer.concat([TWO_VALUES, second, record]), count: 1, ...readOption(values[3]) }
}

/** @throws Error where it is no array of two to four values, whatever these are */
function splitArray(bytes: Buffer): Buffer[] {
  const { headBytes, children } = headOf(bytes)
  if (!isList(bytes) || children < 2 || children > 4)
    throw new TypeError('a message is an array of two to four values')
  const values: Buffer[] = []
  for (let at = headBytes; values.length < children;) {
    const { end } = findValue(bytes, at)
    values.push(bytes.subarray(at, end))
    at = end
  }
  return values
}

function headOf(bytes: Buffer): { readonly headBytes: number; readonly children: number } {
  const head = { bytes: 0, headBytes: 0, children: 0, isText: false }
  readHead(bytes, 0, head)
  return head
}

function isList(bytes: Buffer): boolean {
  const first = bytes[0]!
  return (first >= 0x90 && first <= 0x9f) || first === 0xdc || first === 0xdd
}

/** Also as text: senders that are older than the type for bytes. */
function isBytes(bytes: Buffer): boolean {
  const first = bytes[0]!
  return (
    (first >= 0xa0 && first <= 0xbf) || (first >= 0xc4 && first <= 0xc6) || (first >= 0xd9 && first <= 0xdb)
  )
}

function readOption(bytes: Buffer | undefined): Pick<ForwardMessage, 'chunk' | 'compressed'> {
  const option = bytes === undefined ? undefined : decodeValue(bytes)
  const { chunk, compressed } = (option ?? {}) as { readonly chunk?: unknown; readonly compressed?: unknown }
  return {
    chunk: typeof chunk === 'string' && chunk.length <= MAX_CHUNK_LENGTH ? chunk : undefined,
    compressed: typeof compressed === 'string' && compressed !== 'text' ? compressed : undefined,
  }
}
