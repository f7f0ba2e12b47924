import { beforeAll, describe, expect, it } from '@jest/globals'
import type { LogValues } from '@runnel/contracts/api/log'
import { logEntry } from './builders.ts'
import { useSuite } from './suite.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
const RANGE = 'from=2026-03-01&to=2026-03-02'

const entries = [
  {
    level: 'error',
    service: 'api',
    message: 'a',
    data: { attributes: { user: { id: 42 }, tags: ['eu', 'vip', 'eu'] } },
  },
  { level: 'ERR', service: 'api', message: 'b', data: { attributes: { user: { id: '42' } }, tags: 'eu' } },
  { level: 'info', service: 'shop', message: 'c', data: { user: { id: 42.0 }, tags: [null, 7, {}] } },
  { level: 'info', service: null, message: 'd', data: { 'user.id': 'x'.repeat(257), tags: [] } },
  { level: null, service: 'shop', message: 'e', data: { user: { id: { deep: 1 } } } },
  { level: null, service: 'shop', message: 'f', data: { user: { id: null } } },
  { level: 'info', service: 'shop', message: 'f', data: 'no object' },
]

describe.each([
  ['in one slice', { searchMs: 60_000, searchRows: 20_000 }],
  ['in many slices', { searchMs: 60_000, searchRows: 1 }],
])('the values of a field are counted %s', (_, limits) => {
  const suite = useSuite({ limits })
  beforeAll(() =>
    suite.writer.logs(...entries.map((entry, i) => logEntry({ ...entry, occurredAtMs: NOON + i * 60_000 }))),
  )
  const ask = async (query: string) =>
    (await suite.api.get(`/api/v1/logs/values?${RANGE}&${query}`)).json<LogValues>()
  const pairs = ({ values }: LogValues) => values.map(({ value, count }) => [value, count])

  it('numbers and their texts as one, items of lists each, with what is no such value apart', async () => {
    const users = await ask('field=user.id')
    expect(users).toMatchObject({ field: 'user.id', total: 7, without: 2, others: 2, margin: 0 })
    expect(pairs(users)).toEqual([['42', 3]])
    expect(pairs(await ask('field=tags'))).toEqual([
      ['eu', 2],
      ['7', 1],
      ['vip', 1],
    ])
  })

  it('levels in all spellings, services, messages and traces', async () => {
    expect(pairs(await ask('field=level'))).toEqual([
      ['info', 3],
      ['error', 2],
    ])
    expect(await ask('field=service')).toMatchObject({ total: 7, without: 1, others: 0 })
    expect(pairs(await ask('field=service&limit=1'))).toEqual([['shop', 4]])
    expect(await ask('field=service&limit=1')).toMatchObject({ others: 2 })
    expect(pairs(await ask('field=message&limit=1'))).toEqual([['f', 2]])
    expect(await ask('field=trace_id')).toMatchObject({ total: 7, without: 7, values: [] })
  })

  it('of those that match', async () => {
    expect(pairs(await ask('field=service&query=level:error'))).toEqual([['api', 2]])
    expect(pairs(await ask('field=level&query=user.id:42&service=shop'))).toEqual([['info', 1]])
    expect(await ask('field=level&q=nothing')).toMatchObject({ total: 0, without: 0, values: [], others: 0 })
  })
})

describe('where the time is over after one slice', () => {
  const suite = useSuite({ limits: { searchMs: 0, searchRows: 100 } })
  const many = Array.from({ length: 1200 }, (_, i) =>
    logEntry({ occurredAtMs: NOON + i * 1000, service: `s${i}`, data: { n: i, even: i % 2 === 0 } }),
  )
  beforeAll(() => suite.writer.logs(...many))

  it('the newest entries are counted, and the answer says from when on', async () => {
    const answer = (await suite.api.get(`/api/v1/logs/values?${RANGE}&field=even`)).json<LogValues>()
    expect(answer).toMatchObject({ total: 500, without: 0 })
    expect(answer.countedFrom).toBe(new Date(NOON + 700_000).toISOString())
    expect(answer.values).toEqual([
      { value: 'false', count: 250 },
      { value: 'true', count: 250 },
    ])
    // The counts of minutes have all of them.
    const services = (await suite.api.get(`/api/v1/logs/values?${RANGE}&field=service`)).json<LogValues>()
    expect([services.total, services.countedFrom]).toEqual([1200, undefined])
  })
})

describe('where there are too many values to count each', () => {
  const suite = useSuite()
  beforeAll(async () => {
    const entry = (n: number) => logEntry({ occurredAtMs: NOON, data: { n } })
    await suite.writer.logs(...Array.from({ length: 1500 }, (_, i) => entry(i)), entry(7), entry(7))
  })

  it('the most frequent ones are right within the margin', async () => {
    const answer = (await suite.api.get(`/api/v1/logs/values?${RANGE}&field=n&limit=2`)).json<LogValues>()
    expect(answer).toMatchObject({ total: 1502, others: 1498, margin: 1 })
    expect(answer.values).toEqual([
      { value: '7', count: 3 },
      { value: '0', count: 1 },
    ])
  })

  it.each(['a b', 'user.', '', ':', 'a.b.c.d.e.f.g.h.i.j.k'])(
    'what is no field is refused: %p',
    async (field) => {
      const answer = await suite.api.get(`/api/v1/logs/values?field=${encodeURIComponent(field)}`)
      expect([answer.statusCode, answer.json()]).toMatchObject([
        400,
        { code: 'invalid_field', field: 'field' },
      ])
    },
  )
})
