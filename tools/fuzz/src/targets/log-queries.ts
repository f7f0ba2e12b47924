import { LogQueryError, parseLogQuery, type LogQuery } from '@runnel/contracts/log-query'
import { createLogMatcher, listLogs, SearchableLog } from '@runnel/repositories-events'
import fc from 'fast-check'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText, parameterText } from '../inputs/hostile-text.ts'
import { mutatedText } from '../inputs/mutate.ts'
import { defineTarget } from '../target.ts'

const PAGE = { limit: 10, maxBytes: 1024 ** 2 }

const PIECES = [
  ...['level:', 'service:', 'message:', 'trace_id:', 'a.b:', '"a b".c:', 'attributes.user.id:'],
  ...[' ', ' AND ', ' OR ', 'NOT ', '-', '(', ')', '"', '*', '\\', '/', ':', '::', '://'],
  ...['>=', '<', '[1 TO 5]', '{* TO 1e3]', '/a+[b-d]{2}/i', '/(', '/\\', '{2,}', 'error', '42', 'x'],
]

const query = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...PIECES), hostileText(4)), { maxLength: 24 })
    .map((parts) => parts.join('')),
  mutatedText(
    fc.constantFrom(
      'level:error service:api* (timeout OR "gave up") -attributes.user.id:42',
      'status:[500 TO 599} level:(error OR fatal) trace_id:* NOT message:/^a|b$/i',
    ),
  ),
  parameterText(),
)

/** Letters at random, which make expressions remember as much as they can. */
function noise(length: number): string {
  let seed = 1
  const next = () => (seed = (seed * 48_271) % 2_147_483_647) % 2
  return Array.from({ length }, () => 'ab'[next()]).join('')
}

const LOGS = [
  { level: 'error', service: 'api', message: noise(20_000), data: { a: { b: [1, 'x'] }, status: '500' } },
  {
    level: null,
    service: null,
    message: null,
    data: { 'a b': { c: null }, attributes: { user: { id: 42 } } },
  },
].map((log) => new SearchableLog(log))

/** Queries of logs; they are tried on entries in memory and as SQL. */
export const logQueries = defineTarget<string>({
  name: 'log-queries',
  inputs: query.map((text) => text.replaceAll('\0', '').toWellFormed()),
  worst: () => [
    { name: 'parentheses', input: () => '('.repeat(2000) },
    { name: 'negations', input: () => '-'.repeat(2000) },
    { name: 'fields', input: () => 'a.'.repeat(999) },
    { name: 'quoted fields', input: () => '"a".'.repeat(499) },
    { name: 'backslashes', input: () => `"${'\\'.repeat(1999)}` },
    { name: 'patterns', input: () => 'a*b*a*b*a*b* '.repeat(50) },
    { name: 'expressions that remember', input: () => '/a[ab]{95}c/ OR '.repeat(2) + '/b[ab]{95}c/' },
    { name: 'nested repetitions', input: () => '/((((a*)*)*)*)*c/' },
    { name: 'a large expression', input: () => `/${'(a{12})'.repeat(200)}/` },
  ],
  parse(text) {
    const parsed = parseLogQuery(text)
    const matches = createLogMatcher({ query: parsed })
    return { parsed, found: LOGS.map(matches) }
  },
  check(text, outcome) {
    ensureDocumented(outcome, (error) => error instanceof LogQueryError)
    if (!('error' in outcome)) return
    const { position, expected } = outcome.error as LogQueryError
    ensure(position >= 0 && position <= text.length && expected !== '', 'the error has no place')
  },
  async trial(outcome, { database }) {
    if ('error' in outcome) return
    const { parsed } = outcome.value as { parsed: LogQuery }
    await listLogs(database, { fromMs: 0, query: parsed }, PAGE)
  },
})
