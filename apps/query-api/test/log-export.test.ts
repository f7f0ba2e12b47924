import { beforeAll, describe, expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { logEntry } from './builders.ts'
import { useSuite } from './suite.ts'

const suite = useSuite({ limits: { exportItems: 2500 } })
const DAY = Date.parse('2026-03-01')
const RANGE = 'from=2026-03-01&to=2026-03-02'

beforeAll(async () => {
  const many = Array.from({ length: 3000 }, (_, i) =>
    logEntry({ occurredAtMs: DAY + i, message: `entry ${i}`, service: i % 2 ? 'odd' : 'even' }),
  )
  await suite.writer.logs(...many)
  await suite.writer.logs(
    logEntry({
      occurredAtMs: DAY,
      service: 'evil',
      message: '=cmd|"/C calc"!A0',
      level: '@x',
      data: { a: '=1' },
    }),
  )
})

const ask = async (query: string) => suite.api.get(`/api/v1/logs/export?${RANGE}&${query}`)

test('an export has every match once, the newest first, as NDJSON', async () => {
  const response = await ask('service=odd')
  expect(response.headers).toMatchObject({
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': 'attachment; filename="logs.ndjson"',
  })
  const lines = response.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { message: string })
  expect(lines.map(({ message }) => message)).toEqual(
    Array.from({ length: 1500 }, (_, i) => `entry ${2999 - 2 * i}`),
  )
})

test('an export that is too long says so in its last line, and goes on by the cursor', async () => {
  const lines = (await ask('')).body.trimEnd().split('\n')
  expect(lines).toHaveLength(2501)
  const last = JSON.parse(lines.at(-1)!) as { truncated: boolean; nextCursor: string }
  expect(last).toMatchObject({ truncated: true, items: 2500 })
  const rest = (await ask(`cursor=${last.nextCursor}`)).body.trimEnd().split('\n')
  expect(rest).toHaveLength(501)
  const csv = (await ask('format=csv')).body.trimEnd().split('\r\n')
  expect([csv.length, csv.at(-1)]).toEqual([
    2502,
    expect.stringContaining('truncated: there are more than 2500'),
  ])
})

test('CSV has a header, and nothing in it that a spreadsheet would run', async () => {
  const response = await ask('format=csv&service=evil')
  const [head, row] = response.body.split('\r\n')
  expect(head).toBe('id,occurredAt,receivedAt,level,service,message,data,timeUnread')
  expect(row).toContain(`2026-03-01T00:00:00.000Z`)
  expect(row).toContain(`,'@x,evil,"'=cmd|""/C calc""!A0","{""a"": ""=1""}"`)
})

test('the lines of whole entries are the entries as the API gives them', async () => {
  const odd = {
    occurredAtMs: DAY + 86_400_000,
    service: 'odd "one"\u2028',
    timeUnread: true,
    traceId: 'cd'.repeat(16),
  }
  const rows = [
    logEntry({
      ...odd,
      message: '\u0001\b\f\n\r\t"\\/\u007f é 😀',
      data: { b: 1e21, 'a"': [null, '\u0001'] },
    }),
    logEntry({ ...odd, service: null, level: null, message: null, data: 'text' }),
    logEntry({ ...odd, level: ' WARNING' }),
    logEntry({ ...odd, level: 'notice', occurredAtMs: DAY + 86_401_001 }),
  ]
  await suite.writer.logs(...rows)
  const { body } = await suite.api.get('/api/v1/logs/export?from=2026-03-02&to=2026-03-03&query=-service:x')
  const byId = new Map(
    body
      .trimEnd()
      .split('\n')
      .map((line) => [(JSON.parse(line) as { id: string }).id, line]),
  )
  expect(byId.size).toBe(rows.length)
  for (const { id } of rows) expect(byId.get(id)).toBe((await suite.api.get(`/api/v1/logs/${id}`)).body)
})

describe('an export of chosen columns', () => {
  const columns = ['occurredAt', 'user.id', 'message', 'tags', 'none', 'level', 'traceId', 'timeUnread']
  const chosen = columns.map((name) => `columns=${name}`).join('&')
  beforeAll(() =>
    suite.writer.logs(
      logEntry({
        ...{ occurredAtMs: DAY, service: 'columns', message: '-a, "b"', traceId: 'ab'.repeat(16) },
        data: { attributes: { user: { id: 1.5 }, tags: ['=1', null] } },
      }),
    ),
  )

  test('has them alone, in their order', async () => {
    const head =
      '{"occurredAt":"2026-03-01T00:00:00.000Z","user.id":1.5,"message":"-a, \\"b\\"","tags":["=1",null],'
    const tail = `"none":null,"level":"info","traceId":"${'ab'.repeat(16)}","timeUnread":false}\n`
    expect((await ask(`service=columns&${chosen}`)).body).toBe(head + tail)
    const row = `2026-03-01T00:00:00.000Z,1.5,"'-a, ""b""","[""=1"",null]",,info,${'ab'.repeat(16)},false`
    expect((await ask(`format=csv&service=columns&${chosen}`)).body).toBe(
      `${columns.join(',')}\r\n${row}\r\n`,
    )
    expect((await ask(`service=columns&columns=data&columns=data`)).body).toBe(
      '{"data":{"attributes":{"tags":["=1",null],"user":{"id":1.5}}}}\n',
    )
  })

  test('goes through all pages, and says where it ends early', async () => {
    const lines = (await ask('columns=message')).body.trimEnd().split('\n')
    expect(lines).toHaveLength(2501)
    expect([lines[0], JSON.parse(lines.at(-1)!)]).toMatchObject([
      '{"message":"entry 2999"}',
      { truncated: true },
    ])
  })

  test.each(['a b', '', ':'])('refuses what is no column: %p', async (name) => {
    const answer = await ask(`columns=${encodeURIComponent(name)}`)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { code: 'invalid_field', field: 'columns' },
    ])
  })
})

test('CSV marks entries whose own time could not be read, as JSON does', async () => {
  const [read, unread] = [false, true].map((timeUnread) =>
    logEntry({ occurredAtMs: DAY, service: 'marks', timeUnread }),
  )
  await suite.writer.logs(read!, unread!)
  const lines = (await ask('format=csv&service=marks')).body.trimEnd().split('\r\n').slice(1)
  const marks = new Map(lines.map((line) => [line.slice(0, 36), line.slice(line.lastIndexOf(',') + 1)]))
  expect([marks.get(read!.id), marks.get(unread!.id)]).toEqual(['', 'true'])
})

test('an export of nothing is an empty file', async () => {
  expect((await ask('service=nobody')).body).toBe('')
})

test('clients that read nothing hold their exports up, and make room for others when they go', async () => {
  // 10 MB: more than the sockets of both sides and two pages hold while the client does not read.
  const large = { occurredAtMs: DAY, data: { text: 'x'.repeat(20_000) }, service: 'large' }
  await suite.writer.logs(...Array.from({ length: 500 }, () => logEntry(large)))
  const origin = await suite.api.http.listen({ port: 0 })
  const status = async () => (await ask('service=nobody')).statusCode
  const unread: IncomingMessage[] = []
  try {
    // One by one: eight first pages at once may be more than two connections read in time.
    while (unread.length < 8) {
      unread.push(await eventually(() => beginUnread(`${origin}/api/v1/logs/export?${RANGE}&service=large`)))
    }
    expect(await status()).toBe(429)
  } finally {
    for (const response of unread) response.destroy()
  }
  await eventually(async () => (await status()) === 200)
})

/** A response that has begun and of which nothing more is taken; undefined where it is a refusal. */
async function beginUnread(url: string): Promise<IncomingMessage | undefined> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  if (response.statusCode === 200) return response
  response.destroy()
  return undefined
}
