import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { JsonObject, JsonValue } from '@runnel/contracts'
import { LogQueryError, MAX_REGEX_TEXT_CHARACTERS, parseLogQuery } from '@runnel/contracts/log-query'
import fc from 'fast-check'
import { createLogMatcher } from '../src/reads/log-filter.ts'
import { SearchableLog } from '../src/reads/searchable-log.ts'
import { listLogs } from '../src/reads/log-reads.ts'
import type { LogRow } from '../src/writes/event-rows.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aLog } from './rows.ts'

const RUNS = 600
const SEED = 20_261_130
const page = { limit: 1000, maxBytes: 1e9 }

/** Few letters, so that queries hit; with everything that quoting, LIKE, expressions, case and scripts make hard. */
const LETTERS = [...`aAbKk%_\\"'*./:[]()|-7жЖéÉσΣß\u{1f600}\n `]
const NAMES = ['a', 'b', 'a.b', 'user', 'zz', '__proto__', 'constructor', 'é', 'x"y', 'it\\']
const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 8 })
const scalar = fc.oneof(
  text,
  fc.constantFrom<JsonValue>(
    null,
    true,
    false,
    'true',
    'null',
    '7',
    '07',
    '7.50',
    '-1',
    ' 7',
    '1e3',
    '',
    '٣',
  ),
  fc.constantFrom<JsonValue>(
    0,
    -0,
    7,
    7.5,
    1000,
    1e21,
    1e300,
    5e-324,
    -1.25e-9,
    JSON.rawJSON('7.0'),
    JSON.rawJSON('9007199254740993'),
  ),
)
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 3 })
      .map((members) => Object.fromEntries(members)),
  ),
})).value
const members = (more: fc.Arbitrary<JsonValue>) =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom('a', 'b', 'user', ...NAMES),
        fc.oneof({ weight: 2, arbitrary: scalar }, { weight: 1, arbitrary: more }),
      ),
      { maxLength: 5 },
    )
    .map((list) => Object.fromEntries(list) as JsonObject)
const object = fc
  .tuple(
    members(json),
    fc.option(fc.oneof({ weight: 4, arbitrary: members(json) }, { weight: 1, arbitrary: json })),
  )
  .map(([entry, attributes]) => (attributes === null ? entry : { ...entry, attributes }))

const TRACES = ['a1'.repeat(16), 'b2'.repeat(16)]
const log: fc.Arbitrary<Partial<LogRow>> = fc
  .record({
    level: fc.constantFrom(null, '', 'info', 'warn', 'error', 'notice'),
    service: fc.option(fc.oneof(fc.constantFrom('api', 'api-1', 'bank', ''), text), { nil: null }),
    message: fc.option(text, { nil: null }),
    traceId: fc.option(fc.constantFrom(...TRACES), { nil: undefined }),
    data: object,
  })
  .map(({ data, ...row }) => ({ ...row, data: row.traceId ? { ...data, traceId: row.traceId } : data }))

const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`
/** Mostly of one name, which entries often have. */
const field = fc
  .oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('a', 'b', 'user')) },
    { weight: 2, arbitrary: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }) },
  )
  .chain((path) => fc.constantFrom(path, ['attributes', ...path]))
  .map((path) => path.map(quoted).join('.'))
const pattern = fc
  .array(fc.string({ unit: fc.constantFrom(...`aAbKk7жéΣ`), maxLength: 2 }), { minLength: 2, maxLength: 3 })
  .map((parts) => parts.join('*'))
const atom = fc.constantFrom(
  'a',
  'A',
  'b',
  '7',
  'ж',
  'É',
  'σ',
  '.',
  '\\d',
  '\\W',
  '\\s',
  '[a-k]',
  '[^a\\]7]',
  '[\\-Жé]',
  '\\.',
  '%',
  '\\u'.slice(0, 1) + '*',
  "'",
  '"',
  '{',
)
const regex = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 4, arbitrary: atom },
        { weight: 1, arbitrary: fc.tuple(atom, atom).map(([a, b]) => `(${a}|${b}a)`) },
      ),
      fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}', '*?'),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .chain((parts) =>
    fc.tuple(
      fc.constantFrom('', '', '^'),
      fc.constant(parts.map((part) => part.join('')).join('')),
      fc.constantFrom('', '', '$'),
      fc.constantFrom('', 'i'),
    ),
  )
  .map(([start, body, end, flag]) => `/${start}${body}${end}/${flag}`)
const number = fc.constantFrom('0', '7', '-1', '7.5', '1e3', '1e21', '-0.00000000125', '9007199254740993')
const value = fc.oneof(
  text.map(quoted),
  scalar.map((one) => quoted(typeof one === 'object' ? JSON.stringify(one) : String(one))),
  number,
  pattern,
  regex,
  fc.constant('*'),
)
const condition = fc.oneof(
  fc.tuple(field, value).map(([name, one]) => `${name}:${one}`),
  fc
    .tuple(field, fc.constantFrom('>', '>=', '<', '<='), number)
    .map(([name, sign, one]) => `${name}:${sign}${one}`),
  fc.tuple(field, number).map(([name, one]) => `${name}:{${one} TO *]`),
  fc.tuple(fc.constantFrom('service', 'message'), value).map(([name, one]) => `${name}:${one}`),
  fc.constantFrom('level:error', 'level:WARNING,notice', 'level:""', 'level:*', 'level:>=warn', 'level:nope'),
  fc.constantFrom('trace_id:*', ...TRACES.map((id) => `trace_id:${id.toUpperCase()}`)),
  fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 3 }).map(quoted),
  pattern,
  regex,
)
const query: fc.Arbitrary<string> = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3 },
    condition,
    fc
      .tuple(tie('query'), fc.constantFrom(' ', ' AND ', ' OR '), tie('query'))
      .map(([a, by, b]) => `(${a}${by}${b})`),
    tie('query').map((one) => `-${one}`),
    tie('query').map((one) => `NOT (${one})`),
  ),
})).query

describe.each(ENGINES)('a query of logs on %s', (engine) => {
  let database: OpenTestDatabase
  let rows: LogRow[]

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
    rows = fc.sample(log, { numRuns: 300, seed: SEED }).map((members) => aLog(members))
    await storeLogs(database, rows, [])
  })
  afterAll(() => database.drop())

  const find = async (text: string) => {
    const { items } = await listLogs(database, { fromMs: 0, query: parseLogQuery(text) }, page)
    return items.map(({ id }) => id).sort()
  }
  const match = (text: string) => {
    const matches = createLogMatcher({ query: parseLogQuery(text) })
    return rows
      .filter((row) => matches(new SearchableLog(row)))
      .map(({ id }) => id)
      .sort()
  }

  it(`finds in SQL what the matcher for live entries finds, in ${RUNS} queries`, async () => {
    let hits = 0
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        const expected = match(text)
        hits += expected.length > 0 && expected.length < rows.length ? 1 : 0
        expect(await find(text)).toEqual(expected)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    // Queries that find all or nothing would show little.
    expect(hits).toBeGreaterThan(RUNS / 3)
  })

  it('finds exactly what a negation leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        const both = [...(await find(text)), ...(await find(`-(${text})`))]
        expect(both.sort()).toEqual(rows.map(({ id }) => id).sort())
      }),
      { numRuns: RUNS / 6, seed: SEED + 1 },
    )
  })

  it('finds by an expression what begins within its limit, and nothing behind it', async () => {
    const at = (place: number) => aLog({ message: `${'\u{1f600}'.repeat(place)}needle` })
    const longest = [at(MAX_REGEX_TEXT_CHARACTERS - 6), at(MAX_REGEX_TEXT_CHARACTERS - 5)]
    await storeLogs(database, longest, [])
    rows.push(...longest)
    expect(await find('/needle/')).toEqual([longest[0]!.id])
    expect(match('/needle/')).toEqual([longest[0]!.id])
    expect(await find('needle')).toHaveLength(2)
  })

  it('has an answer or an error with a place for whatever is typed', async () => {
    const typed = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...LETTERS),
        fc.constantFrom('level:', 'a.b:', '>=', ' OR ', ' AND ', 'NOT ', '[1 TO 7]', '/'),
      ),
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(typed, async (text) => {
        try {
          parseLogQuery(text)
        } catch (error) {
          expect(error).toBeInstanceOf(LogQueryError)
          const { position } = error as LogQueryError
          expect(position >= 0 && position <= text.length).toBe(true)
          return
        }
        expect(await find(text)).toEqual(match(text))
      }),
      { numRuns: RUNS / 2, seed: SEED + 2 },
    )
  })
})
