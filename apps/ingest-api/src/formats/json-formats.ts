import { AppError, type JsonValue } from '@runnel/contracts'
import type { AcceptedEvents } from '@runnel/contracts/api/accepted-events'
import { decodeUtf8, readJson } from '@runnel/json'
import type { SentBody, StoredDetails, WireAnswer, WireFormat, WireOutcome } from '../wire-format.ts'
import { serveEventRoutes } from './event-routes.ts'
import { readDamaged } from './read-damaged.ts'
import { BodyText } from './shared/body-text.ts'
import { decodeSingle } from './shared/decode-single.ts'
import { beginsAsObject, holdsLines } from './holds-lines.ts'
import { beginsAsArray, splitArray } from './split-array.ts'
import { splitLines } from './split-lines.ts'
import { splitPlainArray } from './split-plain-array.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Ready-made: the most frequent answers of all. */
const OK = '{"status":"ok"}'
const STORED = '{"status":"stored"}'

/** Arrays up to this many characters are parsed as a whole: a hundred calls of JSON.parse cost more than one. */
const WHOLE_ARRAY_CHARS = 65_536

/**
 * What clients send JSON as: by its name, or under the types that curl and others send where no content type was given. Of those, only
 * what begins as JSON is read.
 */
const MEDIA_TYPES = ['application/json', 'text/plain', 'application/x-www-form-urlencoded']

/** One event as an object; also what is no JSON at all, where it came under that name. */
export const jsonObject: WireFormat<undefined> = {
  name: 'json-object',
  mediaTypes: MEDIA_TYPES,
  recognises: (bytes, headers) => beginsAsObject(bytes) || isCalledJson(headers['content-type']),
  routes: serveEventRoutes((kind, bytes) =>
    decodeSingle(kind, undefined, () => ({ text: decodeUtf8(bytes) })),
  ),
  namesEvents: true,
  answer: answerSingle,
}

/** An array of events. */
export const jsonArray: WireFormat<undefined> = {
  name: 'json-array',
  mediaTypes: MEDIA_TYPES,
  recognises: beginsAsArray,
  routes: serveEventRoutes((kinds, bytes, limits) => {
    const base = { form: 'document', kinds, context: undefined } as const
    const plain = splitPlainArray(bytes, kinds, limits)
    if (plain !== undefined) return { ...base, ...plain }
    const body = new BodyText(bytes)
    const texts = splitArray(body.text, limits.maxItems)
    if (!body.isWhole) return { ...base, ...readDamaged(kinds, texts) }
    return { ...base, texts, ...(body.text.length <= WHOLE_ARRAY_CHARS && readValues(body.text)) }
  }),
  answer: answerBatch,
}

/** One JSON value a line; blank lines are ignored. */
export const ndjson: WireFormat<undefined> = {
  name: 'ndjson',
  mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
  routes: serveEventRoutes((kinds, bytes, limits) => ({
    ...{ form: 'records', kinds, context: undefined },
    ...splitLines(bytes, kinds, limits),
  })),
  answer: answerBatch,
}

/** The same under another name: Fluent Bit's json_lines, `curl --data-binary @file`. */
export const linesAsJson: WireFormat<undefined> = {
  ...ndjson,
  name: 'ndjson-by-content',
  mediaTypes: MEDIA_TYPES,
  recognises: holdsLines,
}

function isCalledJson(contentType: string | undefined): boolean {
  return contentType === undefined || contentType.trimStart().toLowerCase().startsWith('application/json')
}

/** Where one call cannot read them all, each is read by itself at admission, which finds what is wrong with which. */
function readValues(text: string): { readonly values?: JsonValue[] } {
  try {
    return { values: readJson(text) as JsonValue[] }
  } catch (error) {
    if (error instanceof AppError) return {}
    throw error
  }
}

/** 202, or 200 with what became of the event. A header names it, or the one that was stored in its place. */
export function answerSingle(
  { status, details }: WireOutcome,
  { events }: Pick<SentBody, 'events'>,
): WireAnswer {
  const duplicate = details?.duplicates[0]
  return {
    status: status === 'stored' ? 200 : 202,
    headers: { 'event-id': duplicate?.eventId ?? events[0]!.id, 'content-type': JSON_TYPE },
    body: status === 'stored' ? describeSingle(details) : OK,
  }
}

function describeSingle(details: StoredDetails | undefined): string {
  const { superseded = [], duplicates = [], products = [] } = details ?? {}
  const status = duplicates.length > 0 ? 'duplicate' : superseded.length > 0 ? 'superseded' : 'stored'
  const [product] = products
  if (status === 'stored' && product === undefined) return STORED
  return JSON.stringify({ status, ...(product && { id: product.id }) } satisfies AcceptedEvents)
}

/** Says what was accepted, what became of that where it is known, and what was not accepted and why. */
export function answerBatch({ status, accepted, rejected, details }: WireOutcome): WireAnswer {
  const answer: AcceptedEvents = { status, accepted, rejected, ...(details && omitEmpty(details)) }
  return {
    status: status === 'stored' ? 200 : 202,
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify(answer),
  }
}

function omitEmpty({ superseded, duplicates, products }: StoredDetails): Partial<StoredDetails> {
  return {
    ...(superseded.length > 0 && { superseded }),
    ...(duplicates.length > 0 && { duplicates }),
    ...(products.length > 0 && { products }),
  }
}
