import { AppError } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import { createHash } from 'node:crypto'
import { inflateBody } from '../../body/inflate.ts'
import { TextLimit } from '../../formats/shared/text-limit.ts'
import type { DecodedBody } from '../../wire-format.ts'
import { badEncoding, refuse, toBody, type Item } from '../items.ts'
import { decodeValue } from './fluent-codec.ts'
import { readHead } from './read-head.ts'
import { recordToLog } from './record-to-log.ts'
import { findValue, type FoundValue } from './scan-values.ts'

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

/** Each entry has the tag, twice; those of senders are names of files at most. */
const MAX_TAG_LENGTH = 1024
/** Characters that the entries of a chunk may come to as JSON: records of a few bytes take many times as much with their tag. */
const MAX_TEXTS_CHARS = 64 * 1024 ** 2
/** The same for chunks that may be larger than by default. */
const MAX_GROWTH = 4

/**
 * The events of a message. What cannot be read is among the rejected items.
 *
 * @param limitBytes that the entries may have once they are inflated
 */
export async function decodeMessage(message: ForwardMessage, limitBytes: number): Promise<DecodedBody> {
  const { tag, count, compressed } = message
  try {
    if (tag.length > MAX_TAG_LENGTH)
      throw new AppError('text_too_long', `A tag may have ${MAX_TAG_LENGTH} characters`)
    const size = new TextLimit({ textsLimitChars: Math.max(MAX_TEXTS_CHARS, MAX_GROWTH * limitBytes) })
    const bytes = compressed
      ? await inflateBody(message.entries, compressed, limitBytes, new Map())
      : message.entries
    return toBody(await inSlices(decodeEntries(tag, bytes, count, size)), keyOf(message))
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'bad_request'
    return toBody([refuse('logs', code, (error as Error).message)])
  }
}

/** A chunk that is sent again, for its acknowledgement was lost, is stored once. */
function keyOf({ chunk }: ForwardMessage): string | undefined {
  return chunk === undefined ? undefined : `fluent:${createHash('sha256').update(chunk).digest('base64url')}`
}

/** A chunk with more is refused as a whole: those of senders have far fewer, and entries of a few bytes would take many times as much memory. */
const MAX_ENTRIES = 200_000
/** Of an entry: the broker takes no event with as many, and to decode one of 16 MiB would hold the process for seconds. */
const MAX_ENTRY_BYTES = 1024 ** 2
/** Bytes, and bytes for each entry, between two looks at the clock. */
const STEP_BYTES = 65_536
const ENTRY_COST = 1024

/** @throws AppError too_many_items | body_too_large of the chunk as a whole */
function* decodeEntries(
  tag: string,
  bytes: Buffer,
  count: number | undefined,
  size: TextLimit,
): Generator<void, Item[]> {
  const items: Item[] = []
  let cost = 0
  for (let at = 0; count === undefined ? at < bytes.length : items.length < count;) {
    if (cost >= STEP_BYTES) {
      cost = 0
      yield
    }
    if (items.length === MAX_ENTRIES)
      throw new AppError('too_many_items', `A chunk may hold ${MAX_ENTRIES} entries`)
    const found = tryFindValue(bytes, at)
    if (found === undefined) {
      // Where one entry ends nowhere, none begins behind it.
      items.push(refuse('logs', 'bad_request', 'The entries end in the middle of one, or are no MessagePack'))
      return items
    }
    const item = decodeEntry(tag, bytes.subarray(at, found.end), found)
    if ('text' in item) size.add(item.text)
    items.push(item)
    cost += ENTRY_COST + found.end - at
    at = found.end
  }
  return items
}

function tryFindValue(bytes: Buffer, at: number): FoundValue | undefined {
  try {
    return findValue(bytes, at)
  } catch {
    return undefined
  }
}

function decodeEntry(tag: string, bytes: Buffer, { isWellFormed, isTooDeep }: FoundValue): Item {
  if (!isWellFormed) return badEncoding('logs')
  if (isTooDeep) return refuse('logs', 'too_deep', 'The record is nested too deeply')
  if (bytes.length > MAX_ENTRY_BYTES)
    return refuse('logs', 'body_too_large', `The record is larger than ${MAX_ENTRY_BYTES} bytes`)
  try {
    const entry = decodeValue(bytes)
    if (!Array.isArray(entry) || entry.length !== 2) throw new TypeError('an entry has a time and a record')
    return { kind: 'logs', text: recordToLog(tag, entry[0], entry[1]) }
  } catch (error) {
    return refuse('logs', 'bad_request', `An entry cannot be read: ${(error as Error).message}`)
  }
}
