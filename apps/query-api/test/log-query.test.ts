import { beforeAll, describe, expect, test } from '@jest/globals'
import { readLevelName } from '@runnel/contracts'
import { eventually, workspaceRoot } from '@runnel/testing'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logEntry } from './builders.ts'
import { followTail, listen } from './follow-tail.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
const page = readFileSync(join(workspaceRoot, 'docs/LOG-QUERIES.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!)

const rows = blocks('json')[0]!
  .trim()
  .split('\n')
  .map((line) => {
    const data = JSON.parse(line)
    const { level = null, service = null, message = null, traceId } = data
    return logEntry({ level: level && readLevelName(level), service, message, traceId, data })
  })

const examples = blocks('text')
  .flatMap((text) => text.trim().split('\n'))
  .map((line) => /^(.*?) +→ ?(.*)$/.exec(line)!)
  .map(([, query, found]) => ({ query: query!, found: found!.split(', ').filter(Boolean).map(Number) }))

beforeAll(() => suite.writer.logs(...rows))

const numbersOf = (items: readonly { id: string }[]) =>
  items.map(({ id }) => rows.findIndex((row) => row.id === id) + 1).sort()
const ask = (path: string) => suite.api.get(path)

describe('every example of docs/LOG-QUERIES.md finds what stands behind it', () => {
  test.each(examples)('$query', async ({ query, found }) => {
    const answer = (await ask(`/api/v1/logs?query=${encodeURIComponent(query)}`)).json<{
      items: { id: string }[]
    }>()
    expect(numbersOf(answer.items)).toEqual(found)
  })
})

test('a query holds together with the other parameters, in lists, counts and exports', async () => {
  const search = 'level=error&q=bank&query=service:api*'
  expect(numbersOf((await ask(`/api/v1/logs?${search}`)).json<{ items: { id: string }[] }>().items)).toEqual([
    1,
  ])
  expect((await ask(`/api/v1/logs/stats?${search}`)).json()).toMatchObject({ total: 1 })
  expect((await ask(`/api/v1/logs/export?${search}`)).body.trim().split('\n')).toHaveLength(1)
  expect((await ask('/api/v1/logs?level=info&query=service:api')).json()).toMatchObject({ items: [] })
})

test.each(['', '/stats', '/export', '/tail'])('an error names its place: /api/v1/logs%s', async (path) => {
  const answer = await ask(`/api/v1/logs${path}?query=${encodeURIComponent('status:>=high')}`)
  expect([answer.statusCode, answer.json()]).toMatchObject([
    400,
    {
      code: 'invalid_query',
      field: 'query',
      reason: 'number_expected',
      position: 9,
      expected: 'a number, e.g. 500 or -1.5',
      detail: '>= compares numbers, at character 10: expected a number, e.g. 500 or -1.5',
    },
  ])
})

test('a live tail sends what matches its query', async () => {
  const client = await followTail(
    await listen(suite.api),
    `query=${encodeURIComponent('status:>=500 -"gave up"')}`,
  )
  const notice = { source: 'one', stored: rows.length, logs: rows }
  suite.api.notices.send(suite.api.topology.logsStored, Buffer.from(JSON.stringify(notice)))
  await eventually(() => client.heard.ids.length > 0)
  expect(client.heard.messages).toEqual(['timeout, trying again'])
  await client.close()
})
