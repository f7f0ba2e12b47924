import {
  AppError,
  isEventId,
  isJsonObject,
  parseItemIdentity,
  type EnvelopeEvent,
  type EnvelopeItem,
  type EventOperation,
  type JsonValue,
} from '@runnel/contracts'
import { parseText } from '@runnel/json'
import { batchBuffers } from './batch-buffers.ts'

/**
 * One event as JSON text. `dataText` is put in as it is: a body that was parsed and checked needs no second
 * stringify.
 *
 * @param item text of an identity, beside a key
 */
export function encodeEvent(
  id: string,
  dataText: string,
  key?: string,
  op?: EventOperation,
  item?: string,
): string {
  const named = key === undefined ? '' : `,"key":${JSON.stringify(key)}`
  const keyed = item === undefined ? named : `${named},"item":"${item}"`
  const operated = op === undefined ? '' : `,"op":"${op}"`
  return `{"id":"${id}"${keyed}${operated},"data":${dataText}}`
}

/**
 * @param events texts of {@link encodeEvent}, or bytes of several with commas between
 * @param eventBytes of all of them in UTF-8, where they are counted already: Buffer.from counts twice, which costs more than
 * the writing
 */
export function encodeEnvelope(events: readonly (string | Buffer)[], eventBytes?: number): Buffer {
  if (eventBytes === undefined) return Buffer.from(`${HEAD}${events.join(',')}${TAIL}`)
  const commas = Math.max(0, events.length - 1)
  const payload = batchBuffers.take(HEAD.length + eventBytes + commas + TAIL.length)
  // Many short texts are joined faster than they are written one by one.
  if (events.every((event) => typeof event === 'string')) payload.write(`${HEAD}${events.join(',')}${TAIL}`)
  else writeParts(payload, events)
  return payload
}

const HEAD = '{"events":['
const TAIL = ']}'
const COMMA = 0x2c

function writeParts(payload: Buffer, events: readonly (string | Buffer)[]): void {
  let at = payload.write(HEAD)
  events.forEach((event, i) => {
    if (i > 0) payload[at++] = COMMA
    at += typeof event === 'string' ? payload.write(event, at) : event.copy(payload, at)
  })
  payload.write(TAIL, at)
}

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
  const { key, item, op } = event
  if (key !== undefined && typeof key !== 'string') return malformed(`${pointer}/key`, 'a string')
  if (item !== undefined && !parseItemIdentity(item))
    return malformed(`${pointer}/item`, 'a hash of the item')
  if (op !== undefined && op !== 'upsert' && op !== 'delete') {
    return malformed(`${pointer}/op`, 'upsert or delete')
  }
  return event['data'] === undefined ? malformed(`${pointer}/data`, 'a JSON value') : undefined
}

function malformed(field: string, expected: string): AppError {
  return new AppError('invalid_field', `The envelope is malformed at ${field}`, { field, expected })
}
