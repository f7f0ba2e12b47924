import {
  AppError,
  eventTimeMs,
  HEADERS,
  isEventId,
  ownKey,
  MAX_KEY_BYTES,
  rawEventId,
  type EnvelopeItem,
  type JsonValue,
  type NextEventId,
} from '@runnel/contracts'
import { checkJson, decodeUtf8, readJson, writeJson } from '@runnel/json'
import { decodeEnvelope, type Message } from '@runnel/messaging'
import { randomUUID } from 'node:crypto'
import type { IncomingEvent, Poison, ReadMessage } from './incoming-event.ts'

export interface ReadOptions {
  readonly nextId: NextEventId
  readonly now: () => number
  readonly retentionMs: number
}

/** Ids of the future: a clock may be that much ahead of ours. */
const MAX_AHEAD_MS = 5 * 60_000

/**
 * Reads whatever arrived on a public subject. Never throws: what cannot be read is poison, and poison keeps its
 * neighbours. Pauses between parsing and checking: a megabyte of member names takes long for either.
 */
export function* readMessage(message: Message, options: ReadOptions): Generator<void, ReadMessage> {
  const replyTo = message.header(HEADERS.replyTo)
  const events: IncomingEvent[] = []
  const poison: Poison[] = []
  const isEnvelope = message.header(HEADERS.envelope) === '1'
  try {
    if (!isEnvelope) events.push(yield* readRaw(message, options))
    else {
      const items = decodeEnvelope(decodeUtf8(message.payload))
      yield
      items.forEach((item, index) => readItem(message, item, index, options, events, poison))
    }
  } catch (error) {
    poison.push({
      sourceId: idOfRaw(message, options),
      op: 'upsert',
      payload: message.payload,
      reason: reasonOf(error),
      key: isEnvelope ? undefined : rawKeyForPoison(message),
    })
  }
  return { events, poison, replyTo }
}

function readItem(
  message: Message,
  item: EnvelopeItem,
  index: number,
  options: ReadOptions,
  events: IncomingEvent[],
  poison: Poison[],
): void {
  if ('malformed' in item) {
    poison.push({
      sourceId: idOfRaw(message, options, index),
      op: 'upsert',
      payload: bytesOf(item.raw, message.payload),
      reason: item.malformed.message,
    })
    return
  }
  const { id, key, op = 'upsert', data } = item.event
  try {
    checkJson(data)
    checkKey(key)
    events.push(placeInWindow({ id, sourceId: id, key, op, data, replayed: false }, options))
  } catch (error) {
    poison.push({
      sourceId: id,
      key,
      op,
      payload: bytesOf(data, message.payload),
      reason: reasonOf(error),
    })
  }
}

/** A message without an envelope is one event of a third party, or a replayed dead letter. */
function* readRaw(message: Message, options: ReadOptions): Generator<void, IncomingEvent> {
  const text = decodeUtf8(message.payload)
  const data = readJson(text)
  yield
  checkJson(data, '', text)
  const key = rawKey(message, data)
  checkKey(key)
  const replayedId = message.header(HEADERS.eventId)
  const op = message.header(HEADERS.operation) === 'delete' ? 'delete' : 'upsert'
  const id = idOfRaw(message, options)
  const event = { id, sourceId: id, key, op, data, raw: message.payload } as const
  return placeInWindow({ ...event, replayed: isEventId(replayedId) }, options)
}

/** A replayed dead letter has its key in a header; any other event's is its own or that of the message. */
function rawKey(message: Message, data: JsonValue): string | undefined {
  return rawKeyForPoison(message) ?? ownKey(data)
}

function rawKeyForPoison(message: Message): string | undefined {
  const replayed = message.header(HEADERS.eventKey)
  if (replayed !== undefined) return decodeKey(replayed)
  return message.header(HEADERS.eventId) === undefined ? message.header(HEADERS.messageId) : undefined
}

function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    // Not percent-encoded by ingest-api: taken as it is.
    return encoded
  }
}

function checkKey(key: string | undefined): void {
  if (key === undefined) return
  checkJson(key, '/key')
  // Items of a batch have `#` and an index behind the key of the request.
  if (Buffer.byteLength(key) > MAX_KEY_BYTES + 16) throw new AppError('text_too_long', 'The key is too long')
}

/**
 * Of a message with an identity, the same at every delivery, so that a redelivery makes no second row. Its time is that of
 * the broker; where the driver gives no position it is 1970, which `placeInWindow` replaces and keeps as the key.
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

/**
 * A row is stored in the partition of the day of its id. One from beyond the window gets a new id, with the old one as its
 * key: redelivered, it is recognised by that.
 */
function placeInWindow(event: IncomingEvent, { nextId, now, retentionMs }: ReadOptions): IncomingEvent {
  const age = now() - eventTimeMs(event.id)
  if (age <= retentionMs && age >= -MAX_AHEAD_MS) return event
  return { ...event, id: nextId(), key: event.key ?? event.id }
}

/** The item as text, or `whole`, what it came in, where it is nested too deeply for that. */
export function bytesOf(data: JsonValue, whole: Uint8Array): Uint8Array {
  try {
    return Buffer.from(writeJson(data))
  } catch {
    // Only a RangeError of the stack can happen here.
    return whole
  }
}

/** An error as the reason of a dead letter. */
export function reasonOf(error: unknown): string {
  if (error instanceof AppError) return `${error.code}: ${error.message}`
  return `unreadable: ${(error as Error).message}`
}
