import { AppError } from './app-error.ts'
import { isEventId } from './event-id.ts'
import { isJsonObject, type JsonValue } from './json-value.ts'
import { parseText } from './parse-text.ts'

/** What a message on one of the public subjects may carry besides its payload. */
export const HEADERS = {
  /** `1`: the payload is an envelope, `{"events":[{"id","key"?,"op"?,"data"}]}`. Without it, it is one raw event of whoever published it. */
  envelope: 'Runnel-Envelope',
  /** How many events the envelope holds. */
  count: 'Runnel-Count',
  /** Core subject that wants a {@link StoredReply} once the envelope is stored. */
  replyTo: 'Runnel-Reply-To',
  /** On a raw message: the id it shall keep (a replayed dead letter). */
  eventId: 'Runnel-Event-Id',
  /** On a raw message: its idempotency key, percent-encoded. `Nats-Msg-Id` serves where this is missing. */
  eventKey: 'Runnel-Event-Key',
  /** On a raw message: the {@link EventOperation}. */
  operation: 'Runnel-Operation',
  /** The broker's own de-duplication id. */
  messageId: 'Nats-Msg-Id',
} as const

/** Products alone know `delete`. */
export type EventOperation = 'upsert' | 'delete'

/** One admitted event on its way through the broker. */
export interface EnvelopeEvent {
  /** UUIDv7 given at admission. */
  readonly id: string
  /** Idempotency key of the client: the first event with it wins for 48 h. */
  readonly key?: string
  /** `upsert` where it is missing. */
  readonly op?: EventOperation
  /** The item as it was sent. */
  readonly data: JsonValue
}

/** An event of an envelope, or what stands in its place. */
export type EnvelopeItem =
  { readonly event: EnvelopeEvent } | { readonly malformed: AppError; readonly raw: JsonValue }

/** What became of each event of an envelope, sent to {@link HEADERS.replyTo} after the commit. */
export interface StoredReply {
  readonly ids: readonly string[]
  readonly deadLettered: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * One event as JSON text. `dataText` is put in as it is: a body that was parsed and checked needs no second
 * stringify.
 */
export function encodeEvent(id: string, dataText: string, key?: string, op?: EventOperation): string {
  const keyed = key === undefined ? '' : `,"key":${JSON.stringify(key)}`
  const operated = op === undefined ? '' : `,"op":"${op}"`
  return `{"id":"${id}"${keyed}${operated},"data":${dataText}}`
}

/**
 * @param events texts of {@link encodeEvent}; one of them may be several with commas between
 * @param eventBytes of all of them in UTF-8, where they are counted already: Buffer.from counts twice, which costs more than
 * the writing
 */
export function encodeEnvelope(events: readonly string[], eventBytes?: number): Buffer {
  const text = `{"events":[${events.join(',')}]}`
  if (eventBytes === undefined) return Buffer.from(text)
  const commas = Math.max(0, events.length - 1)
  const payload = Buffer.allocUnsafe(FRAME_BYTES + eventBytes + commas)
  payload.write(text)
  return payload
}

const FRAME_BYTES = '{"events":[]}'.length

/**
 * Reads an envelope. Anything may arrive under the header: a malformed event keeps its neighbours, and the data of the
 * others has yet to be seen by checkJson.
 *
 * @throws AppError bad_json | too_many_items | invalid_field where the whole is no envelope
 */
export function decodeEnvelope(text: string): EnvelopeItem[] {
  const value = parse(text)
  if (!isJsonObject(value) || !Array.isArray(value['events'])) throw malformed('/events', 'an array')
  return value['events'].map((raw, index) => {
    const problem = findProblem(raw, `/events/${index}`)
    return problem ? { malformed: problem, raw } : { event: raw as unknown as EnvelopeEvent }
  })
}

/** More than the events of an envelope may have together, each of which has passed the limit of one. */
const MAX_MARKED_NAMES = 50_000

function parse(text: string): JsonValue {
  try {
    return parseText(text, MAX_MARKED_NAMES)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('bad_json', 'The envelope is not valid JSON', { expected: 'JSON' }, error)
  }
}

function findProblem(event: JsonValue, pointer: string): AppError | undefined {
  if (!isJsonObject(event)) return malformed(pointer, 'an object')
  if (!isEventId(event['id'])) return malformed(`${pointer}/id`, 'a UUIDv7')
  const { key, op } = event
  if (key !== undefined && typeof key !== 'string') return malformed(`${pointer}/key`, 'a string')
  if (op !== undefined && op !== 'upsert' && op !== 'delete') {
    return malformed(`${pointer}/op`, 'upsert or delete')
  }
  return event['data'] === undefined ? malformed(`${pointer}/data`, 'a JSON value') : undefined
}

function malformed(field: string, expected: string): AppError {
  return new AppError('invalid_field', `The envelope is malformed at ${field}`, { field, expected })
}
