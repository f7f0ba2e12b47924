import { beforeAll, describe, expect, it } from '@jest/globals'
import type { LogEntry, LogPatterns } from '@runnel/contracts/api/log'
import { logEntry } from './builders.ts'
import { useSuite } from './suite.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
const RANGE = 'from=2026-03-01&to=2026-03-02'

const MESSAGES = [
  'Order 1 took 5 ms for "ann"',
  'Order 22 took 17 ms for "ben * (the second)"',
  'the cache is warm',
  null,
  'path /a\\b (x) is 7%_off\tnow',
  'path /a\\b (x) is 9%_off\tnow',
  '42',
]

describe.each([
  ['in one slice', { searchMs: 60_000, searchRows: 20_000 }],
  ['in many slices', { searchMs: 60_000, searchRows: 1 }],
])('patterns of messages are counted %s', (_, limits) => {
  const suite = useSuite({ limits })
  beforeAll(() =>
    suite.writer.logs(
      ...MESSAGES.map((message, i) =>
        logEntry({
          message,
          occurredAtMs: NOON + i * 60_000,
          service: i < 3 ? 'shop' : 'other',
          data: { i },
        }),
      ),
    ),
  )
  const ask = async (query: string) =>
    (await suite.api.get(`/api/v1/logs/patterns?${RANGE}&${query}`)).json<LogPatterns>()

  it('with their number, times and an example', async () => {
    const { patterns, ...rest } = await ask('service=shop')
    expect(rest).toEqual({
      ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' },
      ...{ total: 3, without: 0, others: 0, margin: 0 },
    })
    expect(patterns.map(({ pattern, count }) => [pattern, count])).toEqual([
      ['Order <num> took <num> ms for <text>', 2],
      ['the cache is warm', 1],
    ])
    expect(patterns[0]).toMatchObject({
      firstAt: new Date(NOON).toISOString(),
      lastAt: new Date(NOON + 60_000).toISOString(),
      example: MESSAGES[1],
    })
    const example = await suite.api.get(`/api/v1/logs/${patterns[0]!.exampleId}`)
    expect(example.json<LogEntry>().message).toBe(MESSAGES[1])
  })

  it('and the query of each finds its entries, whatever signs they have', async () => {
    const { patterns, total, without } = await ask('')
    expect([total, without]).toEqual([7, 1])
    expect(patterns.find(({ pattern }) => pattern === '<num>')?.query).toBeUndefined()
    const queries = patterns.filter(({ query }) => query !== undefined)
    expect(queries).toHaveLength(3)
    for (const { query, count } of queries) {
      const found = await suite.api.get(`/api/v1/logs?${RANGE}&query=${encodeURIComponent(query!)}`)
      expect([query, found.json<{ items: LogEntry[] }>().items.length]).toEqual([query, count])
    }
  })

  it('of those that match, and no more than are wanted', async () => {
    expect(await ask('query=message:*&limit=1')).toMatchObject({ total: 6, without: 0, others: 4 })
    expect(await ask('q=nothing')).toMatchObject({ total: 0, patterns: [] })
  })
})

describe('where the time is over after one page', () => {
  const suite = useSuite({ limits: { searchMs: 0, searchRows: 100 } })
  beforeAll(() =>
    suite.writer.logs(
      ...Array.from({ length: 1200 }, (_, i) =>
        logEntry({ occurredAtMs: NOON + i * 1000, message: `n ${i}` }),
      ),
    ),
  )

  it('the newest entries are counted, and the answer says from when on', async () => {
    const answer = await suite.api.get(`/api/v1/logs/patterns?${RANGE}&query=message:n`)
    expect(answer.json<LogPatterns>()).toMatchObject({
      ...{ total: 100, countedFrom: new Date(NOON + 1_100_000).toISOString() },
      patterns: [{ pattern: 'n <num>', count: 100, lastAt: new Date(NOON + 1_199_000).toISOString() }],
    })
  })
})
