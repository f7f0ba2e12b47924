import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { JsonObject, JsonValue } from '@runnel/contracts'
import fc from 'fast-check'
import { createLogMatcher, type LogConditions } from '../src/reads/log-filter.ts'
import { SearchableLog } from '../src/reads/searchable-log.ts'
import { findNewestLogBefore, listLogs } from '../src/reads/log-reads.ts'
import type { LogRow } from '../src/writes/event-rows.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import { aLog } from './rows.ts'

const RUNS = 400
const SEED = 20_261_120
const page = { limit: 1000, maxBytes: 1e9 }

/** Few letters, so that searches hit; with everything that LIKE, case and scripts make hard. */
const LETTERS = [
  'a',
  'A',
  'b',
  'K',
  'k',
  '%',
  '_',
  '\\',
  '"',
  "'",
  ' ',
  '-',
  '.',
  '7',
  'ж',
  'Ж',
  'é',
  'É',
  'σ',
  'Σ',
  'ß',
  '\u{1f600}',
  '\n',
]
const text = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 8 })
const term = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 3 })
const NAMES = ['a', 'b', 'zz', 'attributes', '__proto__', 'constructor', '\n', 'é']
const NUMBERS = [0, -0, 1, 1.5, 1e21, 1e300, 1e-7, 5e-324, -1.25e-9, 123_456.789, Number.MAX_SAFE_INTEGER]
const scalar = fc.oneof(
  text,
  fc.constantFrom<JsonValue>(null, true, false, ...NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 3 })
      .map((members) => Object.fromEntries(members)),
  ),
})).value
const object = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), json), { maxLength: 4 })
  .map((members) => Object.fromEntries(members) as JsonValue)

const traceId = fc.constantFrom('a1'.repeat(16), 'b2'.repeat(16))
const log: fc.Arbitrary<Partial<LogRow>> = fc
  .record({
    level: fc.constantFrom(null, '', 'info', 'warn'),
    service: fc.constantFrom(null, 'shop', 'bank'),
    message: fc.option(text, { nil: null }),
    traceId: fc.option(traceId, { nil: undefined }),
    data: object,
  })
  .map(({ data, ...row }) => ({
    ...row,
    data: row.traceId === undefined ? data : { ...(data as JsonObject), traceId: row.traceId },
  }))

const conditions: fc.Arbitrary<LogConditions> = fc.record(
  {
    levels: fc.subarray(['', 'info', 'warn', 'nope'], { minLength: 1 }),
    service: fc.constantFrom('shop', 'bank'),
    // Rarely: few entries have one.
    traceId: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 2, arbitrary: traceId },
      { weight: 1, arbitrary: fc.constant('c3'.repeat(16)) },
    ),
    words: fc.array(term, { maxLength: 3 }),
    without: fc.array(term, { maxLength: 2 }),
    attributes: fc.array(
      fc.tuple(
        fc.constantFrom(...NAMES),
        fc.oneof(
          text,
          scalar.map(String),
          json.map((value) => JSON.stringify(value)),
        ),
      ),
      { maxLength: 1 },
    ),
  },
  { requiredKeys: [] },
)

/** The rule as a person would state it, for entries with a message: slow, short, and nothing shared with the code. */
function wouldFind({ words = [], without = [] }: LogConditions, message: string): boolean {
  const letters = (text: string) => [...text].map((letter) => letter.toLowerCase())
  const occurs = (word: string) =>
    letters(message).some((_, i, all) => letters(word).every((letter, n) => all[i + n] === letter))
  return words.every(occurs) && !without.some(occurs)
}

describe.each(ENGINES)('searching logs on %s', (engine) => {
  let database: OpenTestDatabase
  let rows: LogRow[]

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
    rows = fc.sample(log, { numRuns: 300, seed: SEED }).map((members) => aLog(members))
    await storeLogs(database, rows, [])
  })
  afterAll(() => database.drop())

  const find = async (wanted: LogConditions) => {
    const { items } = await listLogs(database, { fromMs: 0, ...wanted }, page)
    return items.map(({ id }) => id).sort()
  }

  it(`finds in SQL what the matcher for live entries finds, in ${RUNS} searches`, async () => {
    let hits = 0
    await fc.assert(
      fc.asyncProperty(conditions, async (wanted) => {
        const matches = createLogMatcher(wanted)
        const expected = rows
          .filter((row) => matches(new SearchableLog(row)))
          .map(({ id }) => id)
          .sort()
        hits += expected.length > 0 && expected.length < rows.length ? 1 : 0
        expect(await find(wanted)).toEqual(expected)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    // Searches that find all or nothing would show little.
    expect(hits).toBeGreaterThan(RUNS / 4)
  })

  it('names the newest match before a time, whatever is looked for', async () => {
    await fc.assert(
      fc.asyncProperty(conditions, async (wanted) => {
        const matches = createLogMatcher(wanted)
        const times = rows
          .filter((row) => matches(new SearchableLog(row)))
          .map(({ occurredAtMs }) => occurredAtMs)
        const newest = times.length === 0 ? undefined : Math.max(...times)
        expect(await findNewestLogBefore(database, wanted, Date.now() + 60_000)).toBe(newest)
      }),
      { numRuns: RUNS / 4, seed: SEED },
    )
  })

  it('finds every word in whatever case and none of the excluded ones', async () => {
    const search = fc.record({
      words: fc.array(term, { maxLength: 2 }),
      without: fc.array(term, { maxLength: 1 }),
    })
    const withMessage = rows.filter((row) => row.message !== null)
    const ids = new Set(withMessage.map(({ id }) => id))
    await fc.assert(
      fc.asyncProperty(search, async (wanted) => {
        const expected = withMessage.filter(({ message }) => wouldFind(wanted, message!)).map(({ id }) => id)
        expect((await find(wanted)).filter((id) => ids.has(id))).toEqual(expected.sort())
      }),
      { numRuns: RUNS / 2, seed: SEED },
    )
  })
})
