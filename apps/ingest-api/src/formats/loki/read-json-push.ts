import { AppError, isExactNumber, isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { readJson, requireDepth } from '@runnel/json'
import type { DecodeLimits } from '../../wire-format.ts'
import { BodyText } from '../shared/body-text.ts'
import { tooManyItems } from '../../too-many-items.ts'
import { JsonWalker } from '../shared/json-walker.ts'
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
  for (const stream of streams) {
    // Those without entries cost time as well.
    yield undefined
    if (stream === undefined) continue
    const { labels, entries } = stream
    for (const entry of entries) {
      if (labels instanceof AppError) yield labels
      else
        yield asRecord(() =>
          readEntry(isSmall ? requireShallow(entry) : readPiece(push.read(entry as string), limits), labels),
        )
    }
  }
}

/**
 * One entry by itself.
 *
 * @param isSmall its push is no larger than an event
 * @throws AppError of the entry; bad_json where it is no JSON
 */
export function readEntryText(
  text: string,
  labels: JsonObject,
  isSmall: boolean,
  limits: DecodeLimits,
): PushedEntry {
  return readEntry(isSmall ? requireShallow(readJson(text)) : readPiece(text, limits), labels)
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
  const streams = listOf(objectOf(body)['streams'])
  if (streams.length > maxItems) throw tooManyItems(maxItems, 'streams')
  for (const stream of streams) {
    const { stream: written, values } = objectOf(stream)
    yield { labels: asRecord(() => labelsOf(written)), entries: listOf(values) }
  }
}

/** A stream whose labels and entries are texts. */
interface StreamTexts {
  readonly labels: string
  readonly entries: readonly string[]
}

/** @throws AppError bad_request | bad_json | too_many_items, before there is a stream */
function* splitStreams(push: BodyText, { maxItems }: DecodeLimits): Generator<JsonStream | undefined> {
  const streams = yield* new PushWalk(push.text, maxItems).walk()
  for (const { labels: written, entries } of streams) {
    const labels = asRecord(() => {
      requireSmallLabels(written.length)
      return labelsOf(readJson(push.read(written)))
    })
    yield { labels, entries }
  }
}

/**
 * Takes a push apart in one walk, with pauses: the end of a value is known only once it has been walked over, and a large body holds
 * the process each time that is done. Of members that are there twice, the last one counts.
 */
class PushWalk {
  readonly #walker: JsonWalker
  readonly #maxItems: number
  /** Of all streams together. */
  #entries = 0

  constructor(text: string, maxItems: number) {
    this.#walker = new JsonWalker(text)
    this.#maxItems = maxItems
  }

  *walk(): Generator<undefined, readonly StreamTexts[]> {
    let streams: readonly StreamTexts[] = []
    for (const name of this.#members())
      if (name === 'streams') streams = yield* this.#walkStreams()
      else this.#walker.value()
    this.#walker.requireEnd()
    return streams
  }

  *#walkStreams(): Generator<undefined, StreamTexts[]> {
    const streams: StreamTexts[] = []
    if (!this.#entersList()) return streams
    while (this.#walker.nextItem()) {
      if (streams.length >= this.#maxItems) throw tooManyItems(this.#maxItems, 'streams')
      streams.push(yield* this.#walkStream())
      yield
    }
    return streams
  }

  *#walkStream(): Generator<undefined, StreamTexts> {
    let labels = 'null'
    let entries: readonly string[] = []
    for (const name of this.#members())
      if (name === 'values') entries = yield* this.#walkEntries()
      else {
        const value = this.#walker.value()
        if (name === 'stream') labels = value
      }
    return { labels, entries }
  }

  *#walkEntries(): Generator<undefined, string[]> {
    const entries: string[] = []
    if (!this.#entersList()) return entries
    while (this.#walker.nextItem()) {
      if (++this.#entries > this.#maxItems) throw tooManyItems(this.#maxItems)
      entries.push(this.#walker.value())
      yield
    }
    return entries
  }

  /** The names of an object's members; the caller walks over each value. */
  *#members(): Generator<string> {
    if (!this.#walker.enterObject()) return
    for (let count = 0; this.#walker.nextMember();) {
      if (++count > MAX_MEMBERS) throw malformedPush()
      yield this.#walker.name
    }
  }

  #entersList(): boolean {
    const isList = asRecord(() => this.#walker.enterArray())
    if (isList instanceof AppError) throw isList.code === 'bad_json' ? isList : malformedPush(isList)
    return isList
  }
}

/** null is what is not there. @throws AppError bad_request */
function objectOf(value: JsonValue): JsonObject {
  if (value === null) return {}
  if (!isJsonObject(value)) throw malformedPush()
  return value
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
  const digits = digitsOf(time)
  const nanos = /^\d{1,20}$/.test(digits) ? BigInt(digits) : MAX_NANOS
  if (nanos >= MAX_NANOS) throw malformedEntry('nanoseconds since 1970, as text')
  return nanos
}

/** Objects are no text: what they say of themselves may be anything. */
function digitsOf(time: JsonValue | undefined): string {
  if (typeof time === 'string') return time
  if (typeof time === 'number') return String(time)
  return time !== undefined && isExactNumber(time) ? time.rawJSON : ''
}
