import { AppError, createEventIds, isEventId } from '@runnel/contracts'
import { encodeIdCursor, parseIdCursor } from '@runnel/http'
import {
  encodeEventCursor,
  encodeNameCursor,
  encodeProductCursor,
  parseEventCursor,
  parseNameCursor,
  parseProductCursor,
  SORT_NAMES,
} from '@runnel/query-api/parsers'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget } from '../target.ts'

const nextId = createEventIds()
const id = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const ID_LISTS = ['products', 'messages', 'mailings', 'clients', 'deadLetters'] as const
const key = fc.oneof(
  hostileText(),
  fc.constantFrom('1.5', '-0.01', '9'.repeat(400), '9'.repeat(401)),
  id.map(String),
)

const cursor = fc.oneof(
  fc.tuple(fc.constantFrom(...ID_LISTS), id).map(([list, one]) => encodeIdCursor(list, one)),
  id.map(String),
  fc
    .tuple(fc.integer(), fc.boolean())
    .map(([occurredAtMs, after]) =>
      encodeEventCursor({ [after ? 'after' : 'before']: { occurredAtMs, id: nextId() } }),
    ),
  hostileText().map(encodeNameCursor),
  fc
    .tuple(id, key, fc.constantFrom(...SORT_NAMES))
    .map(([one, text, sort]) => encodeProductCursor({ id: one, key: text }, sort)),
  hostileText().map((text) => Buffer.from(`p${text}`).toString('base64url')),
  hostileText(),
)

const READERS = {
  events: (text: string) => encodeEventCursor(parseEventCursor(text)),
  names: (text: string) => encodeNameCursor(parseNameCursor(text)!),
  ...Object.fromEntries(ID_LISTS.map((list) => [list, (text: string) => readId(list, text)])),
  ...Object.fromEntries(
    SORT_NAMES.map((sort) => [
      sort,
      (text: string) => encodeProductCursor(parseProductCursor(text, sort)!, sort),
    ]),
  ),
}

/** A plain id, the form of the version before, comes back as one. */
function readId(list: (typeof ID_LISTS)[number], text: string): string {
  const read = parseIdCursor(list, text)!
  return /^\d+$/.test(text) ? String(read) : encodeIdCursor(list, read)
}

/** A cursor is one that was given out, or it is refused. */
export const cursors = defineTarget<readonly [reader: keyof typeof READERS, text: string]>({
  name: 'cursors',
  inputs: fc.tuple(
    fc.constantFrom(...(Object.keys(READERS) as (keyof typeof READERS)[])),
    mutatedText(cursor),
  ),
  worst: () =>
    (Object.keys(READERS) as (keyof typeof READERS)[]).map((reader) => ({
      name: reader,
      input: () =>
        [
          reader,
          Buffer.from(`p${'name/1/'.repeat(100)}`)
            .toString('base64url')
            .slice(0, 1000),
        ] as const,
    })),
  parse: ([reader, text]) => READERS[reader](text),
  check([, text], outcome) {
    ensureDocumented(outcome, (error) => error instanceof AppError && error.code === 'invalid_cursor')
    if ('value' in outcome)
      ensure(same(outcome.value as string, text), `${text} comes back as ${String(outcome.value)}`)
  },
})

/** Numbers may have been written with zeros before them, and zero with a sign. */
function same(written: string, read: string): boolean {
  const plain = (text: string) =>
    Buffer.from(text, 'base64url')
      .toString()
      .replace(/(^|[^\d.])0+(?=\d)/g, '$1')
      .replace(/-0(?!\d|\.)/g, '0')
  return written === read || plain(written) === plain(read) || Number(written) === Number(read)
}

/** The header Last-Event-ID: an id, or nothing. */
export const lastEventIds = defineTarget<string>({
  name: 'last-event-ids',
  inputs: mutatedText(
    fc.oneof(
      fc.constant(null).map(() => nextId()),
      hostileText(),
    ),
  ),
  worst: () => [{ name: 'digits', input: () => '0'.repeat(16_384) }],
  parse: isEventId,
  check(text, outcome) {
    ensure('value' in outcome, 'it throws')
    if (outcome.value === true) ensure(/^[0-9a-f-]{36}$/.test(text) && text[14] === '7', 'it is no UUIDv7')
  },
})
