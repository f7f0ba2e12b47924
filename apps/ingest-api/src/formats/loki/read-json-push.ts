import { AppError, isExactNumber, isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { readJson, requireDepth } from '@runnel/json'
import type { DecodeLimits } from '../../wire-format.ts'
import { BodyText } from '../shared/body-text.ts'
import { tooManyItems } from '../../too-many-items.ts'
import { splitMembers } from '../shared/split-members.ts'
import { splitArray } from '../split-array.ts'
import { readRecord } from '../shared/map-records.ts'
import {
  asRecord,
  malformedEntry,
  malformedPush,
  requireSmallLabels,
  type PushedEntry,
} from './pushed-entry.ts'

const MAX_NANOS = 1n << 64n

/** Of a push or a stream: there are two that say anything. */
const MAX_MEMBERS = 1000

/** A stream whose labels and entries may still be texts. */
interface JsonStream {
  readonly labels: JsonObject | AppError
  readonly entries: readonly JsonValue[] | readonly string[]
}

/**
 * The entries of a push request in JSON, one by one. What is no larger than an event is parsed at once; else each entry by itself, for
 * JSON.parse cannot stop halfway. Undefined is a pause.
 *
 * @throws AppError bad_request | bad_json where the body as a whole is malformed, too_many_items
 */
export function* readJsonPush(
  bytes: Buffer,
  limits: DecodeLimits,
): Generator<PushedEntry | AppError | undefined> {
  const push = new BodyText(bytes)
  if (push.text.trim() === '') return
  const isSmall = push.isWhole && push.text.length <= limits.eventLimitBytes
  const streams = isSmall ? readStreams(push.text, limits) : splitStreams(push, limits)
  for (const { labels, entries } of streams) {
    // Those without entries cost time as well.
    yield undefined
    for (const entry of entries) {
      if (labels instanceof AppError) yield labels
      else
        yield asRecord(() =>
          readEntry(isSmall ? requireShallow(entry) : readPiece(push.read(entry as string), limits), labels),
        )
    }
  }
}

/** @returns the same value. @throws AppError too_deep */
function requireShallow(entry: JsonValue): JsonValue {
  requireDepth(entry)
  return entry
}

function readPiece(piece: string, limits: DecodeLimits): JsonValue {
  const value = readRecord(piece, limits)
  if (Array.isArray(value) && value[2] !== undefined) requireSmallLabels(JSON.stringify(value[2]).length)
  return value
}

function* readStreams(text: string, { maxItems }: DecodeLimits): Generator<JsonStream> {
  const body = readJson(text)
  if (!isJsonObject(body)) throw malformedPush()
  const streams = listOf(body['streams'])
  if (streams.length > maxItems) throw tooManyItems(maxItems, 'streams')
  for (const stream of streams) {
    if (!isJsonObject(stream)) throw malformedPush()
    const labels = asRecord(() => labelsOf(stream['stream']))
    yield { labels, entries: listOf(stream['values']) }
  }
}

function* splitStreams(push: BodyText, { maxItems }: DecodeLimits): Generator<JsonStream> {
  for (const stream of itemsOf(membersOf(push.text).get('streams'), maxItems)) {
    const members = membersOf(stream)
    const written = members.get('stream') ?? 'null'
    const labels = asRecord(() => {
      requireSmallLabels(written.length)
      return labelsOf(readJson(push.read(written)))
    })
    yield { labels, entries: itemsOf(members.get('values'), maxItems) }
  }
}

function membersOf(text: string): Map<string, string> {
  const members = new Map<string, string>()
  let count = 0
  splitMembers(text, ({ name, value }) => {
    if (++count > MAX_MEMBERS) throw malformedPush()
    if (name === 'streams' || name === 'stream' || name === 'values') members.set(name, value)
  })
  return members
}

/** All at once: splitting cannot stop halfway. @throws AppError bad_request | bad_json | too_many_items */
function itemsOf(text: string | undefined, maxItems: number): string[] {
  if (text === undefined || text === 'null') return []
  if (!text.startsWith('[')) throw malformedPush()
  const items = splitArray(text, maxItems)
  if (items.length > maxItems) throw tooManyItems(maxItems)
  return items
}

/** @throws AppError bad_request */
function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw malformedPush()
  return value
}

/** @throws AppError of the entries of the stream */
function labelsOf(value: JsonValue | undefined): JsonObject {
  if (value === undefined || value === null) return {}
  if (!isJsonObject(value)) throw malformedEntry('labels as an object')
  requireDepth(value)
  return value
}

/** `[nanoseconds, line]` or `[nanoseconds, line, metadata]` */
function readEntry(value: JsonValue, labels: JsonObject): PushedEntry {
  if (!Array.isArray(value)) throw malformedEntry('[nanoseconds, line]')
  const [time, line, metadata] = value
  if (typeof line !== 'string') throw malformedEntry('a line that is text')
  if (metadata !== undefined && metadata !== null && !isJsonObject(metadata))
    throw malformedEntry('metadata as an object')
  return { labels, nanos: readNanos(time), line, metadata: metadata ?? undefined }
}

/** Numbers are not as Loki has it, and say the same. */
function readNanos(time: JsonValue | undefined): bigint {
  const digits = time !== undefined && isExactNumber(time) ? time.rawJSON : String(time)
  const nanos = /^\d{1,20}$/.test(digits) ? BigInt(digits) : MAX_NANOS
  if (nanos >= MAX_NANOS) throw malformedEntry('nanoseconds since 1970, as text')
  return nanos
}
