import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { accepted, scriptedIngest, type ScriptedIngest } from './scripted-ingest.ts'
import { startSimulator, type Simulator } from './simulator.ts'

const REQUESTS = 2000
const SEED = 20_260_301

let server: ScriptedIngest
let sim: Simulator

beforeAll(async () => {
  server = await scriptedIngest(accepted)
  sim = await startSimulator(server.url, { STREAM_RATE: '1' })
})

afterAll(async () => {
  await sim[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const patch = (payload: unknown) =>
  sim.app.inject({
    method: 'PATCH',
    url: '/api/v1/stream',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(payload),
  })

describe('a change of the stream', () => {
  it.each([
    [{ ratePerSecond: 0 }, '/ratePerSecond'],
    [{ ratePerSecond: 0.09 }, '/ratePerSecond'],
    [{ ratePerSecond: 1000.1 }, '/ratePerSecond'],
    [{ ratePerSecond: '5' }, '/ratePerSecond'],
    [{ ratePerSecond: null }, '/ratePerSecond'],
    [{ seed: -1 }, '/seed'],
    [{ seed: 1.5 }, '/seed'],
    [{ batch: 0 }, '/batch'],
    [{ batch: 101 }, '/batch'],
    [{ kinds: { logs: -1 } }, '/kinds/logs'],
    [{ kinds: { spans: 1 } }, '/kinds'],
    [{ kinds: { metrics: 0, logs: 0, products: 0, traces: 0 } }, '/kinds'],
    [{ kinds: [] }, '/kinds'],
    [{ rate: 5 }, ''],
    [[], ''],
  ])('is refused with its field: %j', async (body, field) => {
    const before = (await sim.call('GET')).settings
    const answer = await patch(body)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toMatch('application/problem+json')
    expect(answer.json()).toMatchObject({ code: 'invalid_field', field })
    expect((await sim.call('GET')).settings).toEqual(before)
  })

  it.each([{}, { ratePerSecond: 0.1 }, { ratePerSecond: 1 }, { seed: Number.MAX_SAFE_INTEGER }, { seed: 1 }])(
    'is taken: %j',
    async (body) => {
      expect((await patch(body)).json()).toMatchObject({ settings: body })
    },
  )
})

const number = fc.oneof(
  fc.constantFrom('0', '-1', '1e400', '-0', '9007199254740993', '1e-400', '0.1', '1000'),
  fc.double().map((value) => JSON.stringify(value)),
)
const name = fc.oneof(
  fc.constantFrom(
    'ratePerSecond',
    'kinds',
    'seed',
    'batch',
    'metrics',
    'logs',
    'products',
    '__proto__',
    'constructor',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.constantFrom('null', 'true', '"5"', '""', '"\\u0000"', '"\\ud800"'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
  ),
})).value
const body = fc.oneof(
  { weight: 6, arbitrary: json },
  { weight: 2, arbitrary: fc.tuple(json, fc.nat(60)).map(([text, end]) => text.slice(0, end)) },
  { weight: 1, arbitrary: fc.constantFrom('', '['.repeat(5000), `"${'x'.repeat(70_000)}"`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)
const badRequest = fc.record({
  method: fc.oneof(
    { weight: 5, arbitrary: fc.constant('PATCH') },
    { weight: 3, arbitrary: fc.constantFrom('POST', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'QUERY') },
  ),
  url: fc.oneof(
    { weight: 5, arbitrary: fc.constant('/api/v1/stream') },
    {
      weight: 4,
      arbitrary: fc.constantFrom('/api/v1/stream/start', '/api/v1/stream/stop', '/api/v1/stream?x=%00&x=1'),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('/api/v1/stream/', '/api/v1/stream/%zz', '/healthz', '/metrics'),
    },
  ),
  type: fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('text/plain', 'application/json; charset=latin1', ';', '__proto__'),
    },
  ),
  payload: body,
})

describe(`${REQUESTS} bad requests`, () => {
  it('are never answered with 500, and crash nothing', async () => {
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(badRequest, async ({ method, url, type, payload }) => {
        const headers = { 'content-type': type }
        const answer = await sim.app.inject({
          method,
          url,
          headers,
          payload: Buffer.from(payload),
        } as InjectOptions)
        statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
        expect(answer.statusCode).not.toBe(500)
        if (answer.statusCode < 400 || method === 'HEAD') return
        expect(answer.headers['content-type']).toMatch('application/problem+json')
        expect(answer.json()).toMatchObject({ status: answer.statusCode })
      }),
      { seed: SEED, numRuns: REQUESTS },
    )
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405, 413, 415]))
    await sim.call('POST', '/start')
    expect((await sim.call('POST', '/stop')).state).toBe('stopped')
  })
})
