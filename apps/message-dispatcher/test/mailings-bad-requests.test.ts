import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { insertClients, mailing, MAILINGS, NOON_MS, post, setStatus } from './mailing-requests.ts'
import { startDispatcher, type Answer, type TestDispatcher } from './start-dispatcher.ts'

/** Requests in all, over every route of mailings. The seed is fixed: a failure can be repeated. */
const REQUESTS = 4000
const SEED = 20_261_120

const MAILINGS_MADE = 100
const STATUSES = ['scheduled', 'running', 'paused', 'completed', 'cancelled'] as const

let dispatcher: TestDispatcher
beforeAll(async () => {
  dispatcher = await startDispatcher({ nowMs: NOON_MS })
  await insertClients(dispatcher.database, [
    { phone: 79160000001, attributes: { name: 'Ann', list: [1, { a: 2 }] } },
  ])
  for (let n = 1; n <= MAILINGS_MADE; n++) {
    const { id: made } = await post(dispatcher, { draft: n % 5 === 0 })
    if (n % 5 !== 0) await setStatus(dispatcher.database, made, STATUSES[(n >> 1) % STATUSES.length]!)
  }
})
afterAll(() => dispatcher.stop())

/** JSON text that tends to break parsers and databases. */
const nasty = fc.constantFrom(
  ...['null', 'true', '0', '-1', '1', '1.5', '1e400', '9007199254740993', '1e-400', '[]', '{}', '""', '"1"'],
  ...[
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\u202e"',
    '"%"',
    '"\'; drop table mailing; --"',
    '[null]',
    '[[]]',
  ],
  ...['"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999Z"', '"2026-02-30"', '"2026-03-02T12:00:00+25:00"'],
  ...['"2026-03-05T00:00:00Z"', '1772366400', '"24:00"', '"00:00"', '"23:59"', `"${'x'.repeat(20_000)}"`],
  ...[
    '"{{"',
    '"{% if %}"',
    '"{{ a | b }}"',
    '"{% include \'x\' %}"',
    '"{{ __proto__ }}"',
    '"{{ constructor }}"',
  ],
  ...[
    '"{% for i in (1..999999999) %}x{% endfor %}"',
    "\"{{ 'x' | date: '%99999999d' }}\"",
    '"{% raw %}"',
    '"]}}"',
  ],
  ...[
    '{"operatorCodes":["916"],"tags":[]}',
    '{"tags":["\\u0000"]}',
    '{"tags":[1]}',
    '{"operatorCodes":null}',
  ],
  ...[
    '{"from":"09:00","to":"21:00"}',
    '{"from":"22:00","to":"06:00"}',
    '{"from":"09:00","to":"09:00"}',
    '{"from":1}',
  ],
  ...['{"__proto__":1}', '{"constructor":{"prototype":{}}}', '["failed","unknown"]', '["sent"]'],
)

const value = fc.oneof(
  { weight: 6, arbitrary: nasty },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
)

const names = fc.constantFrom(
  ...['name', 'start', 'end', 'text', 'filter', 'window', 'ratePerSecond', 'draft', 'version', 'include'],
  ...['cursor', 'id', 'status', '__proto__', 'constructor', 'toString', ''],
)

/** A mailing of which some members are something else. */
const body = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.boolean(), fc.array(fc.tuple(names, value), { maxLength: 3 }))
      .map(([whole, wrong]) => {
        const members = new Map(
          whole
            ? Object.entries(mailing()).map(([name, it]): [string, string] => [name, JSON.stringify(it)])
            : [],
        )
        for (const [name, text] of wrong) members.set(name, text)
        return `{${[...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
      }),
  },
  { weight: 1, arbitrary: value },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '{', '{"text":', '['.repeat(5000), `${'{"a":'.repeat(500)}1`, '\0'),
  },
)

const id = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: MAILINGS_MADE }).map(String) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['0', '-1', '1.5', '1e3', '0x1', '9007199254740991', '9007199254740992', '99999999999999999999'],
      ...['x', '%00', '%ff', '%', '', ' 1', '..', 'preview', '__proto__', '1%00', '１'].map(encodeURI),
    ),
  },
)

const routes = fc.oneof(
  fc.constantFrom(['POST', ''], ['POST', '/preview'], ['GET', ''], ['PUT', '']),
  fc
    .tuple(
      fc.constantFrom(
        ...([
          ['GET', ''],
          ['PATCH', ''],
          ['PATCH', ''],
          ['DELETE', ''],
          ['POST', ''],
          ['GET', '/audience'],
        ] as const),
        ...([
          ['GET', '/history'],
          ['POST', '/schedule'],
          ['POST', '/pause'],
          ['POST', '/resume'],
        ] as const),
        ...([
          ['POST', '/cancel'],
          ['POST', '/retry-failed'],
          ['POST', '/nothing'],
        ] as const),
      ),
      id,
    )
    .map(([[method, path], one]) => [method, `/${one}${path}`] as const),
)

const query = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom('limit', 'cursor', 'status', '__proto__', 'x', ''),
          fc.constantFrom(
            '1',
            '0',
            '1001',
            '-1',
            'x',
            '%00',
            '%',
            'draft',
            '9007199254740992',
            '999999999999999999999',
          ),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((pairs) => `?${pairs.map(([name, text]) => `${name}=${text}`).join('&')}`),
  },
)

const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/json',
      'text/plain',
      ';',
      'application/x-ndjson',
    ),
    'idempotency-key': fc.constantFrom('k', 'l', '', 'é', 'x'.repeat(600)),
    'x-forwarded-user': fc.constantFrom('ann', 'é', '', 'x'.repeat(5000), "'; --"),
  },
  { requiredKeys: [] },
)

const request = fc.tuple(routes, query, headers, body).map(([[method, path], search, head, payload]) => ({
  method,
  url: `${MAILINGS}${path}${search}`,
  headers: { 'content-type': 'application/json', ...head },
  ...(method !== 'GET' && { payload }),
}))

/** What is wrong with the answer to a request. */
function complaint({ statusCode, headers: head, body: text }: Answer): string | undefined {
  if (statusCode < 400) return undefined
  if (statusCode >= 500) return `status ${statusCode}: ${text}`
  if (!String(head['content-type']).startsWith('application/problem+json')) return 'no problem'
  const problem = JSON.parse(text) as Record<string, unknown>
  if (problem['status'] !== statusCode || typeof problem['code'] !== 'string')
    return `a strange problem: ${text}`
  if (statusCode === 429 && !head['retry-after']) return 'no Retry-After'
  return undefined
}

test(`${REQUESTS} bad requests, spread over every route of mailings, are never our fault`, async () => {
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      const answer = await dispatcher.inject(one as InjectOptions)
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
      expect(complaint(answer)).toBeUndefined()
    }),
    { numRuns: REQUESTS, seed: SEED },
  )
  // They reach every way out: what is made, refused, unknown, in conflict.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 202, 204, 400, 404, 405, 409, 415]))
  expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 4)
  await post(dispatcher)
})
