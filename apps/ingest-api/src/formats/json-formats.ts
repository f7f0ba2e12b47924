import { isUtf8 } from 'node:buffer'
import { AppError, type JsonValue } from '@runnel/contracts'
import type { AcceptedEvents } from '@runnel/contracts/api/accepted-events'
import { decodeUtf8, readJson } from '@runnel/json'
import type { SentBody, WireAnswer, WireFormat, WireOutcome } from '../wire-format.ts'
import { serveEventRoutes } from './event-routes.ts'
import { beginsAsArray, skipBlanks, splitArray } from './split-array.ts'
import { splitDamaged } from './split-damaged.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Ready-made: the most frequent answers of all. */
const OK = '{"status":"ok"}'
const STORED = '{"status":"stored"}'

/** Arrays up to this many characters are parsed as a whole: a hundred calls of JSON.parse cost more than one. */
const WHOLE_ARRAY_CHARS = 65_536

/** One event as an object; also what is no JSON at all. */
export const jsonObject: WireFormat<undefined> = {
  name: 'json-object',
  mediaTypes: ['application/json'],
  routes: serveEventRoutes((kinds, bytes) => ({
    form: 'single',
    kinds,
    texts: [decodeUtf8(bytes)],
    context: undefined,
  })),
  namesEvents: true,
  answer: answerSingle,
}

/** An array of events. */
export const jsonArray: WireFormat<undefined> = {
  name: 'json-array',
  mediaTypes: ['application/json'],
  recognises: beginsAsArray,
  routes: serveEventRoutes((kinds, bytes, maxItems) => {
    const base = { form: 'document', kinds, context: undefined } as const
    if (!isUtf8(bytes))
      return { ...base, ...splitDamaged(bytes, kinds, (text) => splitArray(text, maxItems)) }
    const text = decodeUtf8(bytes)
    const texts = splitArray(text, maxItems)
    return { ...base, texts, ...(text.length <= WHOLE_ARRAY_CHARS && readValues(text)) }
  }),
  answer: answerBatch,
}

/** One JSON value a line; blank lines are ignored. */
export const ndjson: WireFormat<undefined> = {
  name: 'ndjson',
  mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
  routes: serveEventRoutes((kinds, bytes, maxItems) => {
    const base = { form: 'records', kinds, context: undefined } as const
    if (isUtf8(bytes)) return { ...base, texts: splitLines(decodeUtf8(bytes), maxItems, isBlankText) }
    return { ...base, ...splitDamaged(bytes, kinds, (text) => splitLines(text, maxItems, () => false)) }
  }),
  answer: answerBatch,
}

function isBlankText(line: string): boolean {
  return line.trim() === ''
}

/** @param isBlank of a line that holds more than what JSON takes for blanks */
function splitLines(text: string, maxItems: number, isBlank: (line: string) => boolean): string[] {
  const lines: string[] = []
  for (let start = skipBlanks(text, 0); start < text.length && lines.length <= maxItems;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, end)
    if (!isBlank(line)) lines.push(line)
    start = skipBlanks(text, end + 1)
  }
  return lines
}

/** Where one call cannot read them all, for an item is nested too deeply or has too many names, each is read by itself. */
function readValues(text: string): { readonly values?: JsonValue[] } {
  try {
    return { values: readJson(text) as JsonValue[] }
  } catch (error) {
    if (error instanceof AppError && error.code !== 'bad_json') return {}
    throw error
  }
}

/** 202, or 200 when the row is committed; the event is named in a header. */
export function answerSingle({ status }: WireOutcome, { events }: Pick<SentBody, 'events'>): WireAnswer {
  const isStored = status === 'stored'
  return {
    status: isStored ? 200 : 202,
    headers: { 'event-id': events[0]!.id, 'content-type': JSON_TYPE },
    body: isStored ? STORED : OK,
  }
}

/** Says what was accepted, and what was not and why. */
function answerBatch({ status, accepted, rejected }: WireOutcome): WireAnswer {
  return {
    status: status === 'stored' ? 200 : 202,
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify({ status, accepted, rejected } satisfies AcceptedEvents),
  }
}
