import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { PHONE, startGateway, type RawCall, type TestGateway } from './start-gateway.ts'

const SEED = 20_261_120

let test: TestGateway

beforeAll(async () => {
  test = await startGateway()
})
beforeEach(async () => {
  await test.control('PUT', '', {})
  await test.control('DELETE', '/calls')
})
afterAll(async () => test[Symbol.asyncDispose]())

const patch = (payload: unknown) =>
  test.http.inject({
    method: 'PATCH',
    url: '/api/v1/gateway',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(payload),
  })

describe('the control of the gateway', () => {
  it('changes what a PATCH names, and puts back what a PUT does not name', async () => {
    const initial = await test.control<object>('GET')
    expect(initial).toMatchObject({ mode: 'ok', seed: 1, latencyMs: 0, slowMs: 2000, deduplicates: true })
    await test.control('PATCH', '', { seed: 5, slowMs: 7 })
    const mixed = { '400': 0.25, hang: 0.5, ok: 0.25 }
    expect(await test.control('PATCH', '', { probabilities: { '400': 0.25, hang: 0.5 } })).toMatchObject({
      mode: 'mixed',
      probabilities: mixed,
      seed: 5,
      slowMs: 7,
    })
    expect(await test.control('PUT', '', { deduplicates: false })).toEqual({
      ...initial,
      deduplicates: false,
    })
    expect(await test.control('PUT', '', {})).toEqual(initial)
  })

  it.each([
    [{ mode: 'maybe' }, '/mode'],
    [{ mode: 'mixed' }, '/mode'],
    [{ mode: 'ok', probabilities: {} }, '/mode'],
    [{ probabilities: { '500': 1.1 } }, '/probabilities/500'],
    [{ probabilities: { '500': -0.1 } }, '/probabilities/500'],
    [{ probabilities: { '500': 0.6, '400': 0.5 } }, '/probabilities'],
    [{ probabilities: { '503': 0.1 } }, '/probabilities'],
    [{ probabilities: { down: 0.1 } }, '/probabilities'],
    [{ seed: 1.5 }, '/seed'],
    [{ latencyMs: -1 }, '/latencyMs'],
    [{ slowMs: 600_001 }, '/slowMs'],
    [{ retryAfterSeconds: '1' }, '/retryAfterSeconds'],
    [{ deduplicates: 'true' }, '/deduplicates'],
    [{ speed: 5 }, ''],
    [[], ''],
  ])('refuses an invalid setting with its field, and changes nothing: %j', async (body, field) => {
    const before = await test.control('GET')
    const answer = await patch(body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'invalid_field', field })
    expect(await test.control('GET')).toEqual(before)
  })

  it('gives calls in pages, in the order in which they came', async () => {
    for (const msgId of [3, 1, 2, 1]) await test.send(msgId)
    const page = (query: string) =>
      test.control<{ items: { msgId: number }[]; nextCursor: string | null }>('GET', `/calls?limit=2${query}`)
    const first = await page('')
    expect(first).toMatchObject({ items: [{ msgId: 3 }, { msgId: 1 }], nextCursor: '2' })
    expect(await page('&cursor=2')).toMatchObject({ items: [{ msgId: 2 }, { msgId: 1 }], nextCursor: null })
    expect(await page('&cursor=9007199254740991')).toEqual({ items: [], nextCursor: null })
  })
})

describe('a call that is not valid', () => {
  const body = JSON.stringify({ id: 1, phone: PHONE, text: 'hello' })
  it.each<[number, RawCall]>([
    [401, { token: 'wrong', body }],
    [404, { path: '/v1/send/x', body }],
    [404, { path: '/v1/send/0', body }],
    [404, { path: '/v1/send/1?x=1', body }],
    [405, { method: 'PUT', body }],
    [400, { body: '' }],
    [400, { body: '{' }],
    [400, { body: 'null' }],
    [400, { body: '[]' }],
    [400, { body: body.replace('1', '2') }],
    [400, { body: JSON.stringify({ id: 1, phone: String(PHONE), text: 'hello' }) }],
    [400, { body: JSON.stringify({ id: 1, phone: 1.5, text: 'hello' }) }],
    [400, { body: JSON.stringify({ id: 1, phone: PHONE, text: '' }) }],
    [413, { body: JSON.stringify({ id: 1, phone: PHONE, text: 'x'.repeat(70_000) }) }],
  ])('is refused with %i and not kept: %j', async (status, call) => {
    const answer = await test.raw(call)
    expect([answer.status, (JSON.parse(answer.body) as { code: number }).code]).toEqual([status, status])
    if (status === 405) expect(answer.headers['allow']).toBe('POST')
    const refused = { unauthorised: status === 401 ? 1 : 0, malformed: status === 401 ? 0 : 1, full: 0 }
    expect(await test.control('GET', '/stats')).toMatchObject({ calls: 0, refused })
  })
})

const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc
    .record({
      id: fc.constantFrom(1, 2, '1', null),
      phone: fc.anything(),
      text: fc.string({ unit: 'binary' }),
    })
    .map((value) =>
      JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)),
    ),
)
const payload = fc.oneof(
  json,
  fc.tuple(json, fc.nat(40)).map(([text, end]) => text.slice(0, end)),
  fc.constantFrom('', '['.repeat(5000), `"${'x'.repeat(70_000)}"`),
)
const control = fc.record({
  method: fc.constantFrom('PATCH', 'PUT', 'GET', 'DELETE', 'POST', 'HEAD'),
  url: fc.oneof(
    fc.constantFrom('', '/stats', '/calls', '/calls/', '/x', '/calls?cursor=1&cursor=2', '/calls?limit=%00'),
    fc
      .tuple(fc.constantFrom('limit', 'cursor', 'x'), fc.string({ unit: 'binary', maxLength: 20 }))
      .map(([name, value]) => `/calls?${name}=${encodeURIComponent(value.toWellFormed())}`),
  ),
  payload: fc.oneof(
    payload,
    fc
      .dictionary(
        fc.constantFrom('mode', 'probabilities', 'seed', 'latencyMs', 'deduplicates', '__proto__'),
        fc.oneof(
          fc.constantFrom('ok', '400', 'down', true, 0, 0.5),
          fc.dictionary(fc.constantFrom('ok', '500', 'x'), fc.double()),
        ),
      )
      .map((value) => JSON.stringify(value)),
  ),
})

describe('bad requests', () => {
  it('to the gateway are never answered with 500', async () => {
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('POST', 'PUT', 'GET', 'DELETE', 'OPTIONS'),
        fc.constantFrom('/v1/send/1', '/v1/send/9007199254740993', '/v1/send/%zz', '/', '/v1/send/1/2'),
        fc.constantFrom('runnel', 'x', ''),
        payload,
        async (method, path, token, body) => {
          const { status } = await test.raw({ method, path, token, body })
          statuses.add(status)
          expect([200, 400, 401, 404, 405, 413]).toContain(status)
        },
      ),
      { seed: SEED, numRuns: 1000 },
    )
    expect([...statuses]).toEqual(expect.arrayContaining([400, 401, 404, 405]))
  })

  it('to its control are never answered with 500', async () => {
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(control, async ({ method, url, payload: text }) => {
        const answer = await test.http.inject({
          method,
          url: `/api/v1/gateway${url}`,
          headers: { 'content-type': 'application/json' },
          payload: Buffer.from(text),
        } as InjectOptions)
        statuses.add(answer.statusCode)
        expect(answer.statusCode).toBeLessThan(500)
      }),
      { seed: SEED, numRuns: 1500 },
    )
    expect([...statuses]).toEqual(expect.arrayContaining([200, 204, 400, 404, 405]))
  })
})
