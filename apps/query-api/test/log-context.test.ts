import { beforeAll, expect, test } from '@jest/globals'
import { logEntry } from './builders.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
const NOON = Date.parse('2026-03-01T12:00:00Z')

interface Page {
  items: { id: string; message: string }[]
  nextCursor: string | null
  prevCursor: string | null
}

/** Two at a time, so that some are of one moment. */
const rows = Array.from({ length: 20 }, (_, i) =>
  logEntry({
    occurredAtMs: NOON + Math.floor(i / 2),
    message: `line ${i}`,
    service: i % 3 === 0 ? 'api' : 'shop',
  }),
)
const target = rows[10]!

beforeAll(() =>
  suite.writer.logs(...rows, logEntry({ occurredAtMs: NOON - 90_000_000, message: 'long before' })),
)

const ask = async (path: string) => (await suite.api.get(path)).json<Page>()
const messages = ({ items }: Page) => items.map(({ message }) => message)
const lines = (...numbers: number[]) => numbers.map((number) => `line ${number}`)

test('an entry stands between its neighbours, and cursors lead on in both directions', async () => {
  const page = await ask(`/api/v1/logs/${target.id}/context?limit=4`)
  expect(messages(page)).toEqual(lines(12, 11, 10, 9, 8))
  const range = 'from=2026-03-01&to=2026-03-02&limit=2'
  expect(messages(await ask(`/api/v1/logs?${range}&cursor=${page.nextCursor}`))).toEqual(lines(7, 6))
  expect(messages(await ask(`/api/v1/logs?${range}&cursor=${page.prevCursor}`))).toEqual(lines(14, 13))
})

test('neighbours match the filters, which the entry itself need not', async () => {
  expect(messages(await ask(`/api/v1/logs/${target.id}/context?query=service:api&limit=2`))).toEqual(
    lines(12, 10, 9),
  )
})

test('neighbours lie within a day', async () => {
  const page = await ask(`/api/v1/logs/${rows[0]!.id}/context`)
  expect(page.items).toHaveLength(20)
  expect(page.nextCursor).toBeNull()
})

test.each(['nothing', '01a22e22-15f5-72bd-9452-53c2b3852a6f'])('there is none around %s', async (id) => {
  const answer = await suite.api.get(`/api/v1/logs/${id}/context`)
  expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'not_found', field: 'id' }])
})
