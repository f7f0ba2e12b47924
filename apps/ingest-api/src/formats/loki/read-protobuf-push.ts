import { fromBinary } from '@bufbuild/protobuf'
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { AppError, type JsonObject } from '@runnel/contracts'
import { decodeUtf8, setMember } from '@runnel/json'
import { EntrySchema, type Entry } from '@runnel/wire/loki/push'
import { eventTooLarge } from '../../event-too-large.ts'
import type { DecodeLimits } from '../../wire-format.ts'
import { tooManyItems } from '../../too-many-items.ts'
import { MAX_OTHER_FIELDS } from '../shared/other-fields.ts'
import { parseLabels } from './parse-labels.ts'
import {
  asRecord,
  malformedEntry,
  malformedPush,
  requireSmallLabels,
  type PushedEntry,
} from './pushed-entry.ts'

const NANOS_PER_SECOND = 1_000_000_000n

/** Fields of the messages PushRequest and Stream. */
const STREAMS = 1
const LABELS = 1
const ENTRIES = 2

/**
 * The entries of a `logproto.PushRequest`, one by one: the messages around them are walked through, for they hold everything at once.
 * Undefined is a pause.
 *
 * @throws AppError bad_request where the bytes are no such message, too_many_items
 */
export function* readProtobufPush(
  bytes: Buffer,
  limits: DecodeLimits,
): Generator<PushedEntry | AppError | undefined> {
  let streams = 0
  for (const stream of fieldsOf(bytes, STREAMS)) {
    // Those without entries cost time as well.
    if (++streams > limits.maxItems) throw tooManyItems(limits.maxItems, 'streams')
    yield undefined
    const { value: labelBytes = new Uint8Array() } = fieldsOf(stream, LABELS).next() as { value?: Uint8Array }
    const labels = asRecord(() => readLabels(labelBytes))
    for (const entry of fieldsOf(stream, ENTRIES))
      yield labels instanceof AppError ? labels : asRecord(() => readEntry(entry, labels, limits))
  }
}

/** The messages of one field, unread. @throws AppError bad_request */
function* fieldsOf(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  const reader = new BinaryReader(message)
  for (let others = 0; reader.pos < reader.len;) {
    const found = readField(reader, wanted)
    if (found !== undefined) yield found
    else if (++others > MAX_OTHER_FIELDS) throw malformedPush()
  }
}

function readField(reader: BinaryReader, wanted: number): Uint8Array | undefined {
  try {
    const [field, wireType] = reader.tag()
    if (field === wanted && wireType === WireType.LengthDelimited) return reader.bytes()
    reader.skip(wireType, field)
    return undefined
  } catch (error) {
    throw malformedPush(error)
  }
}

function readLabels(bytes: Uint8Array): JsonObject {
  requireSmallLabels(bytes.length)
  return parseLabels(decodeUtf8(bytes))
}

function readEntry(bytes: Uint8Array, labels: JsonObject, { eventLimitBytes }: DecodeLimits): PushedEntry {
  if (bytes.length > eventLimitBytes) throw eventTooLarge(eventLimitBytes)
  const { timestamp, line, structuredMetadata } = decodeEntry(bytes)
  const nanos = timestamp === undefined ? 0n : timestamp.seconds * NANOS_PER_SECOND + BigInt(timestamp.nanos)
  if (nanos < 0n || nanos >= 1n << 64n) throw malformedEntry('a time from 1970 on')
  return { labels, nanos, line, metadata: readMetadata(structuredMetadata) }
}

function decodeEntry(bytes: Uint8Array): Entry {
  try {
    return fromBinary(EntrySchema, bytes, { readUnknownFields: false })
  } catch (error) {
    throw new AppError('invalid_field', 'The entry cannot be read', { expected: 'a logproto.Entry' }, error)
  }
}

function readMetadata(pairs: Entry['structuredMetadata']): JsonObject | undefined {
  if (pairs.length === 0) return undefined
  requireSmallLabels(pairs.reduce((size, { name, value }) => size + name.length + value.length, 0))
  const metadata: JsonObject = {}
  for (const { name, value } of pairs) setMember(metadata, name, value)
  return metadata
}
