import {
  AppError,
  eventTimeMs,
  HEADERS,
  hashItemText,
  isEventId,
  ownKey,
  MAX_KEY_BYTES,
  parseItemIdentity,
  rawEventId,
  type EnvelopeItem,
  type EventForm,
  type JsonValue,
  type NextEventId,
} from '@runnel/contracts'
import { checkJson, decodeUtf8, readJson } from '@runnel/json'
import { decodeEnvelope, type Message, type Position } from '@runnel/messaging'
import { randomUUID } from 'node:crypto'
import type { IncomingEvent, Poison, ReadMessage } from './incoming-event.ts'
import type { PositionOf } from './product-positions.ts'
import {
  readOperation,
  readOperationWord,
  readRawKey,
  readReplyTo,
  type IgnoredHeader,
} from './read-headers.ts'
import { readReplay, type Replay } from './read-replay.ts'

export interface ReadOptions {
  readonly nextId: NextEventId
  readonly now: () => number
  readonly retentionMs: number
  /** What an event may have once PostgreSQL has written it out. */
  readonly writtenEventLimitBytes: number
  /** Where a message stands in the order of events. Default: the position that the broker gave. */
  readonly positionOf?: PositionOf
  /** Whether answers may go to a subject. */
  readonly isInbox: (subject: string) => boolean
}

/** Ids of the future: a clock may be that much ahead of ours. */
const MAX_AHEAD_MS = 5 * 60_000

/**
 * Reads whatever arrived on a public subject. Never throws: what cannot be read is poison, and poison keeps its
 * neighbours. Pauses between parsing and checking: a megabyte of member names takes long for either.
 */
export function* readMessage(message: Message, options: ReadOptions): Generator<void, ReadMessage> {
  const ignored: IgnoredHeader[] = []
  const replyTo = readReplyTo(message, options.isInbox, (header) => ignored.push(header))
  const events: IncomingEvent[] = []
  const poison: Poison[] = []
  const isEnvelope = message.header(HEADERS.envelope) === '1'
  const replay = readReplay(message, placeOf(message, options), options.now)
  if (!replay && message.header(HEADERS.eventId) !== undefined) ignored.push(HEADERS.eventId)
  try {
    if (!isEnvelope) events.push(yield* readRaw(message, replay, options))
    else {
      const items = decodeEnvelope(decodeUtf8(message.payload))
      yield
      items.forEach((item, index) => readItem(message, item, index, options, events, poison))
    }
  } catch (error) {
    poison.push({
      ...sourceOfRaw(message, replay, options),
      sourceId: idOfRaw(message, options),
      op: isEnvelope ? 'upsert' : readOperationWord(message),
      form: isEnvelope ? 'envelope' : replay?.isItem ? 'item' : 'message',
      payload: message.payload,
      reason: reasonOf(error),
      key: isEnvelope ? undefined : readRawKey(message, replay !== undefined),
    })
  }
  const marked = isEnvelope && replay ? markReplayed(events, replay.letterId) : events
  return { events: marked, poison, replyTo, ignored }
}

/** A dead letter that was an envelope goes with the event that has its id, else with the last one. */
function markReplayed(events: readonly IncomingEvent[], letterId: string): IncomingEvent[] {
  const own = events.findIndex(({ sourceId }) => sourceId === letterId)
  const marked = own === -1 ? events.length - 1 : own
  return events.map((event, index) => (index === marked ? { ...event, letterId } : event))
}

function readItem(
  message: Message,
  item: EnvelopeItem,
  index: number,
  options: ReadOptions,
  events: IncomingEvent[],
  poison: Poison[],
): void {
  const place = placeOf(message, options)
  const position = place && { ...place, index }
  const arrivedMs = message.position?.timeMs ?? options.now()
  if ('malformed' in item) {
    poison.push({
      sourceId: idOfRaw(message, options, index),
      op: 'upsert',
      receivedMs: arrivedMs,
      position,
      ...payloadOf(item.raw, message.payload, 'entry'),
      reason: reasonOf(item.malformed),
    })
    return
  }
  const { id, key, item: identity, op = 'upsert', data } = item.event
  const isKept = isInWindow(id, options)
  const receivedMs = isKept ? eventTimeMs(id) : arrivedMs
  try {
    checkJson(data, '', undefined, options.writtenEventLimitBytes)
    checkKey(key)
    const event = {
      id,
      sourceId: id,
      key,
      item: identity,
      op,
      data,
      form: 'item',
      receivedMs,
      position,
    } as const
    events.push(isKept ? event : moveIntoWindow(event, options))
  } catch (error) {
    const source = { sourceId: id, key, item: identity, op, receivedMs, position }
    poison.push({ ...source, ...payloadOf(data, message.payload, 'item'), reason: reasonOf(error) })
  }
}

/** A message without an envelope is one event of a third party, or a replayed dead letter. */
function* readRaw(
  message: Message,
  replay: Replay | undefined,
  options: ReadOptions,
): Generator<void, IncomingEvent> {
  const text = decodeUtf8(message.payload)
  const data = readJson(text)
  yield
  checkJson(data, '', text, options.writtenEventLimitBytes)
  const op = readOperation(message)
  const key = readRawKey(message, replay !== undefined) ?? (replay?.isItem ? undefined : ownKey(data))
  checkKey(key)
  const item = key === undefined ? undefined : identifyRaw(message, text, replay !== undefined)
  const id = idOfRaw(message, options)
  const source = { ...sourceOfRaw(message, replay, options), op, key, item }
  const event = { ...source, id, sourceId: id, data, raw: message.payload, letterId: replay?.letterId }
  return isInWindow(id, options) ? event : moveIntoWindow(event, options)
}

/** What the headers of a message without an envelope say, and where it stands: a replay is the event that it was. */
function sourceOfRaw(message: Message, replay: Replay | undefined, options: ReadOptions) {
  const place = placeOf(message, options)
  return {
    form: replay?.isItem ? 'item' : 'message',
    receivedMs: replay?.receivedMs ?? message.position?.timeMs ?? options.now(),
    position: replay?.position ?? (place && { ...place, index: 0 }),
  } as const
}

function placeOf(message: Message, { positionOf }: ReadOptions): Position | undefined {
  if (positionOf) return positionOf(message)
  const { position } = message
  return position && { timeMs: position.timeMs, tie: position.tie }
}

/** A replay brings along what it was; from before version 0.2 it brings nothing, and the key alone decides. */
function identifyRaw(message: Message, text: string, isReplay: boolean): string | undefined {
  if (!isReplay) return hashItemText(text)
  const item = message.header(HEADERS.eventItem)
  return parseItemIdentity(item) && item
}

function checkKey(key: string | undefined): void {
  if (key === undefined) return
  checkJson(key, '/key')
  // Items of a batch have `#` and an index behind the key of the request.
  if (Buffer.byteLength(key) > MAX_KEY_BYTES + 16) throw new AppError('text_too_long', 'The key is too long')
}

/**
 * Of a message with an identity, the same at every delivery, so that a redelivery makes no second row. Its time is that of
 * the broker; where the driver gives no position it is 1970, which `moveIntoWindow` replaces and keeps as the key.
 *
 * Without an identity there is nothing to recognise a redelivery by: each delivery gets an id of its own.
 */
function idOfRaw(message: Message, { nextId }: ReadOptions, index = 0): string {
  const given = message.header(HEADERS.eventId)
  if (isEventId(given)) return given
  const { stream, identity, position } = message
  if (identity === undefined && position === undefined) return nextId()
  return rawEventId(position?.timeMs ?? 0, `${stream}#${index}`, identity ?? randomUUID())
}

/** A row is stored in the partition of the day of its id. */
function isInWindow(id: string, { now, retentionMs }: ReadOptions): boolean {
  const age = now() - eventTimeMs(id)
  return age <= retentionMs && age >= -MAX_AHEAD_MS
}

/**
 * An event from beyond the window gets a new id, with the old one as its key: redelivered, it is recognised by that. Its
 * times and its place among others stay those of the original.
 */
function moveIntoWindow(event: IncomingEvent, { nextId }: ReadOptions): IncomingEvent {
  return { ...event, id: nextId(), key: event.key ?? event.id }
}

/** A value of an envelope as text, or `whole`, what it came in, where it is nested too deeply for that. */
function payloadOf(
  data: JsonValue,
  whole: Uint8Array,
  form: EventForm,
): { readonly payload: Uint8Array; readonly form: EventForm } {
  try {
    return { payload: Buffer.from(JSON.stringify(data)), form }
  } catch {
    // Only a RangeError of the stack can happen here.
    return { payload: whole, form: 'envelope' }
  }
}

/** What is kept of an event that could be read, and cannot be stored. */
export function payloadOfEvent({ data, form, raw }: IncomingEvent, whole: Uint8Array) {
  return raw ? { payload: raw, form } : payloadOf(data, whole, form)
}

/** An error as the reason of a dead letter. */
export function reasonOf(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.message}`
  return `unreadable: ${(error as Error).message}`
}
