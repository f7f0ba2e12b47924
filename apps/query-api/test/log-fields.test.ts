import { beforeAll, expect, it } from '@jest/globals'
import type { LogFieldNames } from '@runnel/contracts/api/log'
import { logEntry } from './builders.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
const NOON = Date.parse('2026-03-01T12:00:00Z')

beforeAll(async () => {
  const entry = (data: object, minute: number, service = 'shop') =>
    logEntry({ occurredAtMs: NOON + minute * 60_000, service, data: data as never })
  await suite.writer.logs(
    entry({ attributes: { user: { id: 42 }, 'http.method': 'GET', level: 'x', tags: ['a'] } }, 3),
    entry({ status: 500, message: 'm', 'full name': 'x'.repeat(61), attributes: { user: { id: 42 } } }, 2),
    entry({ status: 200, attributes: { user: { id: '7' } }, none: null, ok: true }, 1),
    entry({ old: 1 }, 0, 'gone'),
    ...Array.from({ length: 500 }, () => entry({}, 0.5)),
  )
})

const ask = async (range: string) => {
  const { looked, fields } = (await suite.api.get(`/api/v1/logs/fields?${range}`)).json<LogFieldNames>()
  return { looked, fields: new Map(fields.map(({ field, count, values }) => [field, { count, values }])) }
}

it('fields of the newest entries are given as queries have them, with their values', async () => {
  const { looked, fields } = await ask('from=2026-03-01&to=2026-03-02')
  expect(looked).toBe(500)
  expect(fields.get('user.id')).toEqual({ count: 3, values: ['42', '7'] })
  expect(fields.get('status')).toEqual({ count: 2, values: ['200', '500'] })
  expect(fields.get('"full name"')).toEqual({ count: 1, values: [] })
  for (const name of ['http.method', 'attributes.level', 'tags', 'ok']) expect(fields.has(name)).toBe(true)
  for (const name of ['message', 'none', 'old', 'attributes']) expect(fields.has(name)).toBe(false)
})

it('services are those of all entries of the range', async () => {
  expect((await ask('from=2026-03-01&to=2026-03-02')).fields.get('service')?.values).toEqual(['shop', 'gone'])
  expect((await ask('from=2026-03-01T12:01:00Z&to=2026-03-02')).fields.get('service')?.values).toEqual([
    'shop',
  ])
  expect(await ask('from=2026-02-01&to=2026-02-02')).toEqual({ looked: 0, fields: new Map() })
})
