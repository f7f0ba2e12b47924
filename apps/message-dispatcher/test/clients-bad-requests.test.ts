import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { gzipSync } from 'node:zlib'
import { startDispatcher, type Answer, type TestDispatcher } from './start-dispatcher.ts'

const REQUESTS = 5000
const SEED = 20_261_120

let dispatcher: TestDispatcher

beforeAll(async () => {
  dispatcher = await startDispatcher({
    env: {
      CLIENT_IMPORT_MAX_BYTES: '1024',
      CLIENT_IMPORT_MAX_ROW_BYTES: '300',
      CLIENT_IMPORT_BATCH_ROWS: '2',
    },
  })
})
afterAll(() => dispatcher.stop())

const URLS = [
  '/api/v1/clients',
  '/api/v1/clients/:id',
  '/api/v1/clients/import',
  '/api/v1/clients/imports',
  '/api/v1/clients/imports/:id',
]

/** What tends to break parsers and databases; some of it is right in its place. */
const NASTY = [
  ...[
    '',
    '0',
    '1',
    '2',
    '-1',
    '1.5',
    '1e3',
    'NaN',
    'null',
    'true',
    '\0',
    'a\0b',
    '%',
    '_',
    "'",
    '"',
    '$1',
    '\\',
    '\ud800',
  ],
  ...[
    '9223372036854775808',
    '9007199254740993',
    '0x10',
    ' 1 ',
    'x'.repeat(600),
    '\u{1f600}',
    '\u202e',
    '\ufffd',
  ],
  ...['79160000001', '+79160000002', '4915112345678', '89160000001', '7'.repeat(1100), '+', '+0'],
  ...['Europe/Moscow', 'utc', '+03:00', 'GMT+3', 'Etc/GMT+3', '__proto__', 'constructor', 'toString'],
]

const text = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
)

const member = fc.constantFrom(
  ...['phone', 'operatorCode', 'tag', 'timeZone', 'attributes', 'optedOut', '__proto__', 'id', 'optedout'],
)

const value = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constantFrom(0, 79160000001, 1e300, -0.5, null) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 2, arbitrary: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }) },
)

/** A client in which some members are anything. */
const client = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(member, value), { maxLength: 3 }))
  .map(([whole, members]) => ({
    ...(whole && { phone: '79160000003', timeZone: 'Europe/Moscow' }),
    ...Object.fromEntries(members),
  }))

const json = fc.oneof(
  { weight: 6, arbitrary: client.map((members) => JSON.stringify(members)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '{',
      '[]',
      '{"phone":',
      '{"phone":"1","phone":2}',
      '[['.repeat(200),
      '1e999',
    ),
  },
)

const csv = fc
  .tuple(
    fc.constantFrom(
      'phone',
      'phone,tag,timeZone',
      'phone;operator_code;optedOut',
      'phone,attributes,__proto__',
      'tag',
      '',
    ),
    fc.array(fc.array(text, { maxLength: 4 }), { maxLength: 6 }),
    fc.constantFrom(',', ';', '","', '"'),
  )
  .map(([header, rows, separator]) => [header, ...rows.map((row) => row.join(separator))].join('\n'))

const payload = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: json },
      { weight: 2, arbitrary: csv },
      { weight: 2, arbitrary: fc.array(json, { maxLength: 5 }).map((lines) => lines.join('\n')) },
    ),
    fc.constantFrom('plain', 'plain', 'plain', 'plain', 'gzip', 'noise'),
    fc.uint8Array({ maxLength: 50 }),
  )
  .map(([written, kind, noise]) => {
    if (kind === 'gzip') return gzipSync(written)
    return kind === 'plain' ? Buffer.from(written) : Buffer.concat([Buffer.from(written), noise])
  })

const parameter = fc.tuple(
  fc.constantFrom(
    'limit',
    'cursor',
    'tag',
    'operatorCode',
    'timeZone',
    'phone',
    'optedOut',
    '__proto__',
    'x',
  ),
  fc.oneof(
    text.map((written) => encodeURIComponent(written.toWellFormed())),
    fc.constantFrom('%', '%zz', '%00', '%ff', '%ed%a0%80', '+', '&&'),
  ),
)

const badRequest = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'POST', 'POST', 'POST', 'PATCH', 'PATCH', 'DELETE', 'PUT', 'HEAD'),
    url: fc.constantFrom(...URLS),
    id: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('1', '2', '3', 'x', '-1', '9007199254740993', '%00', '%zz') },
      { weight: 1, arbitrary: text.map((written) => encodeURIComponent(written.toWellFormed()) || 'x') },
    ),
    query: fc.array(parameter, { maxLength: 2 }),
    type: fc.constantFrom(
      'application/json',
      'application/json',
      'text/csv',
      'application/x-ndjson',
      'text/plain',
      ';',
      undefined,
    ),
    encoding: fc.constantFrom(undefined, undefined, undefined, 'identity', 'gzip', 'br', 'constructor'),
    user: fc.constantFrom(undefined, '', 'ann', 'x'.repeat(1000)),
    body: payload,
  })
  .map(({ method, url, id, query, type, encoding, user, body }): InjectOptions => {
    const search = query.map(([name, written]) => `${name}=${written}`).join('&')
    return {
      method: method as 'GET',
      url: url.replace(':id', id) + (search && `?${search}`),
      headers: {
        ...(type !== undefined && { 'content-type': type }),
        ...(encoding !== undefined && { 'content-encoding': encoding }),
        ...(user !== undefined && { 'x-forwarded-user': user }),
      },
      ...(method !== 'GET' && method !== 'HEAD' && { payload: body }),
    }
  })

/** What is wrong with the answer to a request, if anything. */
function complaint({ statusCode, headers, body }: Answer, method: unknown): string | undefined {
  if (statusCode < 400) return statusCode < 300 ? undefined : `status ${statusCode}`
  if (statusCode >= 500) return `status ${statusCode}: ${body}`
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8') {
    return `content type ${String(headers['content-type'])}`
  }
  if (method === 'HEAD') return undefined
  const problem = JSON.parse(body) as Record<string, unknown>
  if (problem['status'] !== statusCode) return `status ${String(problem['status'])} in the body`
  if (typeof problem['code'] !== 'string' || problem['code'] === 'internal')
    return `code ${String(problem['code'])}`
  if (statusCode === 405 && !headers.allow) return 'no Allow'
  return undefined
}

it(`${REQUESTS} bad requests, spread over every route of clients, are never our fault`, async () => {
  const statuses = new Map<number, number>()
  const good = new Set<string>()
  await fc.assert(
    fc.asyncProperty(badRequest, async (request) => {
      const answer = await dispatcher.inject(request)
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
      if (answer.statusCode < 300) good.add(`${request.method} ${answer.raw.req.method}`)
      expect(complaint(answer, request.method)).toBeUndefined()
    }),
    { seed: SEED, numRuns: REQUESTS },
  )
  // The requests are of both kinds, and reach every way out.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 204, 400, 404, 405, 409, 413, 415]))
  expect(good.size).toBeGreaterThanOrEqual(4)
  expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 5)
  expect((await dispatcher.get('/api/v1/clients?limit=1')).statusCode).toBe(200)
}, 180_000)
