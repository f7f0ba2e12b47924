import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logEntry, metric, product } from './builders.ts'
import { insertAttempt, insertMailing } from './mailing-rows.ts'
import { useSuite } from './suite.ts'

/** Requests in all, over every route. The seed is fixed: a failure can be repeated. */
const REQUESTS = 10_000
const SEED = 20_261_120

const consoleFolder = mkdtempSync(join(tmpdir(), 'runnel-console-'))
writeFileSync(join(consoleFolder, 'index.html'), '<!doctype html>')

const suite = useSuite({ limits: { points: 50 }, consoleFolder })

afterAll(() => rmSync(consoleFolder, { recursive: true }))

beforeAll(async () => {
  await suite.writer.products(product(1))
  await suite.writer.logs(logEntry({ data: { attributes: [1], __proto__: 2 } }))
  await suite.writer.metrics(metric({ tags: { host: 'a' } }), metric({ value: Number.MAX_VALUE, tags: null }))
  await insertMailing(suite.writer.database, { id: 1, messages: 10, firstMessageId: 1 })
  await insertAttempt(suite.writer.database, 1, new Date())
})

const ROUTES = [
  '/',
  '/product',
  '/products',
  '/api/v1/products',
  '/api/v1/products/:id',
  '/api/v1/logs',
  '/api/v1/logs/:id',
  '/api/v1/logs/stats',
  '/api/v1/logs/values',
  '/api/v1/logs/patterns',
  '/api/v1/logs/fields',
  '/api/v1/logs/export',
  '/api/v1/metrics',
  '/api/v1/metrics/:id',
  '/api/v1/metrics/names',
  '/api/v1/metrics/series',
  '/api/v1/mailings/stats',
  '/api/v1/mailings/:id/stats',
  '/api/v1/messages',
  '/api/v1/messages/:id',
  '/api/v1/system',
  '/console/:id',
  '/console/assets/:id',
  '/nothing/:id',
  // Nothing answers behind these.
  '/api/v1/clients/:id',
  '/api/v1/mailings/:id',
  '/api/v1/mailings/:id/pause',
  '/api/v1/dead-letters/:id/replay',
]

const PARAMETERS = [
  ...[
    'q',
    'id',
    'field',
    'limit',
    'cursor',
    'level',
    'service',
    'from',
    'to',
    'step',
    'name',
    'agg',
    'by',
    'format',
  ],
  ...['mailing', 'client', 'status'],
  ...['manufacturer', 'minPrice', 'maxPrice', 'sort'],
  ...['attr.a', 'attr.', 'attr', 'tag.host', 'tag.__proto__', '__proto__', 'constructor', 'toString', ''],
]

/** What tends to break parsers and databases. */
const NASTY = [
  ...['', '0', '-1', '1', '1.5', '1e3', '1e400', 'NaN', 'Infinity', 'null', 'true', '[]', '{}', '\0', 'a\0b'],
  ...[
    '9223372036854775807',
    '9223372036854775808',
    '9007199254740993',
    '99999999999999999999',
    '0x10',
    ' 1 ',
  ],
  ...['0000-00-00', '0001-01-01', '9999-12-31T23:59:59.999Z', '2026-02-30', '2026-01-01T00:00:00+25:00'],
  ...['-62135596800000', '253402300799999', '253402300800000', '1h', '1ms', '999999999d', '0d', '1 h'],
  ...[
    '%',
    '_',
    '-',
    '-"',
    '-"a" b',
    ',',
    'error,warn',
    'csv',
    '\\',
    "'",
    '"',
    '"unclosed',
    "'; drop table log; --",
    '$1',
    '\u{1f600}',
    '\ud800',
    '\u202e',
    '../../etc',
  ],
  ...['-price', '-updated', 'cHByaWNlLzEvMQ', 'cC1uYW1lLzEv'],
  ...['pending', 'sent', 'PENDING', 'bTE', 'bTA', 'bzE', 'bTkwMDcxOTkyNTQ3NDA5OTE'],
  ...['aTE', 'aTA', 'ZTA', 'bg', 'ZS0xLzAwMDAwMDAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMA'],
  '0'.repeat(500),
  'x'.repeat(2000),
  '00000000-0000-7000-8000-000000000000',
  'ffffffff-ffff-7fff-bfff-ffffffffffff',
]

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
  { weight: 1, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()) },
)

/** Percent-encoded, as half of a surrogate pair cannot be. */
const encoded = value.map((text) => encodeURIComponent(text.toWellFormed()))

/** As it stands: half an escape, bytes that are no UTF-8. */
const broken = fc.constantFrom('%', '%zz', '%c3%28', '%ff', '%00', '+', ';', '&&', '=', '%ed%a0%80')

const request = fc.record({
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constant('GET' as const) },
    { weight: 1, arbitrary: fc.constantFrom('HEAD' as const, 'POST' as const, 'DELETE' as const) },
  ),
  route: fc.constantFrom(...ROUTES),
  id: fc.oneof(encoded, broken),
  query: fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), fc.oneof(encoded, broken)), { maxLength: 4 }),
  tag: fc.constantFrom(undefined, '*', '""', ',,,', 'W/', '"'.repeat(1000)),
})

test(`${REQUESTS} bad requests, spread over every route, are never our fault`, async () => {
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(request, async ({ method, route, id, query, tag }) => {
      const search = query.map(([name, text]) => `${name}=${text}`).join('&')
      const url = `${route.replace(':id', id || 'x')}?${search}`
      const headers = tag === undefined ? {} : { 'if-none-match': tag }
      const response = await suite.api.http.inject({ method, url, headers })
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1)
      const isProblem = String(response.headers['content-type']).startsWith('application/problem+json')
      const code = isProblem && method !== 'HEAD' ? response.json<{ code: string }>().code : undefined
      if (isProblem && method !== 'HEAD') expect(code).toEqual(expect.any(String))
      const isAway = response.statusCode === 503 && (code === 'upstream_unavailable' || method === 'HEAD')
      if (!isAway) expect(response.statusCode).toBeLessThan(500)
    }),
    { numRuns: REQUESTS, seed: SEED },
  )
  // The requests are of both kinds: some are refused, some reach the database.
  expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 10)
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 20)
  expect((await suite.api.get('/api/v1/products/1')).statusCode).toBe(200)
}, 300_000)

test('bad requests for the live stream are refused before it begins', async () => {
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(request, async ({ query, tag }) => {
      const search = query.map(([name, text]) => `${name}=${text}`).join('&')
      const response = await suite.api.http.inject({
        url: `/api/v1/logs/tail?${search}`,
        headers: { 'last-event-id': tag ?? '' },
        payloadAsStream: true,
      })
      seen.set(response.statusCode, (seen.get(response.statusCode) ?? 0) + 1)
      response.stream().destroy()
      expect([200, 400, 429]).toContain(response.statusCode)
    }),
    { numRuns: 500, seed: SEED },
  )
  expect(seen.get(400)).toBeGreaterThan(100)
  expect(seen.get(200)).toBeGreaterThan(0)
})
