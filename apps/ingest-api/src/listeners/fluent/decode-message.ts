import { AppError, isIndexedText, MAX_INDEXED_TEXT_BYTES } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import { createHash } from 'node:crypto'
import { inflateBody } from '../../body/inflate.ts'
import { TextLimit } from '../../formats/shared/text-limit.ts'
import type { DecodedBody } from '../../wire-format.ts'
import type { Room } from '../listener.ts'
import { badEncoding, refuse, toBody, type Item } from '../items.ts'
import { decodeValue } from './fluent-codec.ts'
import type { ForwardMessage } from './read-message.ts'
import { recordToLog } from './record-to-log.ts'
import { findValue, type FoundValue } from './scan-values.ts'

/** Characters that the entries of a chunk may come to as JSON: records of a few bytes take many times as much with their tag. */
const MAX_TEXTS_CHARS = 64 * 1024 ** 2
/** The same for chunks that may be larger than by default. */
const MAX_GROWTH = 4

/**
 * The events of a message. What cannot be read is among the rejected items.
 *
 * @param limitBytes that the entries may have once they are inflated
 * @param room at least as much, for what they are inflated to; it grows with what they come to as JSON
 */
export async function decodeMessage(
  message: ForwardMessage,
  limitBytes: number,
  room?: Room,
): Promise<DecodedBody> {
  const { tag, count, compressed } = message
  try {
    requireShortTag(tag)
    const size = new TextLimit({ textsLimitChars: Math.max(MAX_TEXTS_CHARS, MAX_GROWTH * limitBytes) })
    const bytes = compressed
      ? await inflateBody(message.entries, compressed, limitBytes, new Map())
      : message.entries
    const inflatedBytes = compressed ? bytes.length : 0
    const items = await decodeWithin(
      room,
      () => inflatedBytes + size.chars,
      decodeEntries(tag, bytes, count, size),
    )
    return toBody(items, keyOf(message))
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'bad_request'
    return toBody([refuse('logs', code, (error as Error).message)])
  }
}

/** As a service, which the tag is of records that name none. Each entry has it twice. @throws AppError text_too_long */
function requireShortTag(tag: string): void {
  if (isIndexedText(tag)) return
  throw new AppError('text_too_long', `A tag may have ${MAX_INDEXED_TEXT_BYTES} bytes, as a service may`)
}

/** @param usedBytes what it has come to so far */
async function decodeWithin(
  room: Room | undefined,
  usedBytes: () => number,
  steps: Generator<void, Item[]>,
): Promise<Item[]> {
  for (;;) {
    const items = await inSlices(untilFull(steps, () => room !== undefined && usedBytes() > room.bytes))
    if (items !== undefined) return items
    await room!.grow(2 * usedBytes())
  }
}

/** @returns undefined where it was interrupted */
function* untilFull<T>(steps: Generator<void, T>, isFull: () => boolean): Generator<void, T | undefined> {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (isFull()) return undefined
    yield
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
