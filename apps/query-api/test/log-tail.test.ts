import { afterEach, beforeAll, expect, test } from '@jest/globals'
import type { LogRow } from '@runnel/repositories-events'
import { eventually } from '@runnel/testing'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { logEntry } from './builders.ts'
import { followTail, listen } from './follow-tail.ts'
import { startApi } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite({ limits: { tailClients: 3, tailLines: 50, tailBytes: 1_000_000 } })
let url: string
let stored = 0
const open: { close(): Promise<void> }[] = []

beforeAll(async () => {
  url = await listen(suite.api)
})
afterEach(async () => {
  for (const client of open.splice(0)) await client.close()
  await eventually(async () => (await clients()) === 0)
})

const clients = async () =>
  Number(/runnel_log_tail_clients\{.*\} (\d+)/.exec((await suite.api.get('/metrics')).body)?.[1])

async function follow(query = '', headers: Record<string, string> = {}) {
  const client = await followTail(url, query, headers)
  open.push(client)
  return client
}

/** Announces entries as the consumer does after its commit. */
function announce(rows: readonly LogRow[], skipped = 0, source = 'one'): void {
  const notice = { source, stored: (stored += skipped), logs: rows }
  stored += rows.length
  suite.api.notices.send(suite.api.topology.logsStored, Buffer.from(JSON.stringify(notice)))
}

const some = (count: number, members: Partial<LogRow> = {}) =>
  Array.from({ length: count }, (_, i) => logEntry({ message: `line ${i}`, ...members }))

test('entries come as they are stored, each once, in the shape of the list', async () => {
  const client = await follow()
  expect(client.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const rows = some(5, { data: { a: 1e300, '\n': ['é'] } })
  await suite.writer.logs(...rows)
  announce(rows.slice(0, 3))
  announce(rows.slice(2))
  await eventually(() => client.heard.ids.length === 5)
  expect(client.heard.ids).toEqual(rows.map(({ id }) => id))
  expect(client.heard).toMatchObject({ dropped: 0, missed: 0 })
})

test('an entry of the stream equals that of the list', async () => {
  const response = await fetch(`${url}/api/v1/logs/tail?service=same`)
  const row = logEntry({ service: 'same', data: { n: 1.5, text: 'a\nb' } })
  await suite.writer.logs(row)
  announce([row])
  let text = ''
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece
    if (/data: .*\n\n/.test(text)) break
  }
  expect(text).toContain(`id: ${row.id}\nevent: log\ndata: `)
  const one = await suite.api.get(`/api/v1/logs/${row.id}`)
  expect(JSON.parse(/data: (.*)/.exec(text)![1]!)).toEqual(one.json())
})

test('each client receives what matches its filter, whatever an older consumer calls its level', async () => {
  const [errors, shop, words] = [
    await follow('level=error'),
    await follow('service=x'),
    await follow('q=-line 7'),
  ]
  announce([
    logEntry({ level: 'ERR', message: 'a' }),
    logEntry({ service: 'x', message: 'b' }),
    ...some(10, { message: 'line 7' }),
    logEntry({ message: 'no 7' }),
  ])
  await eventually(() => [errors, shop, words].every(({ heard }) => heard.messages.length > 0))
  expect([errors, shop, words].map(({ heard }) => heard.messages)).toEqual([['a'], ['b'], ['no 7']])
})

test('what does not fit is dropped, the oldest first, and counted exactly', async () => {
  const client = await follow()
  announce(some(120))
  await eventually(() => client.heard.ids.length === 50)
  expect(client.heard).toMatchObject({ dropped: 70, missed: 0 })
  expect(client.heard.messages[0]).toBe('line 70')
})

test('entries that never came here are counted too, from the first notice of a consumer on', async () => {
  const client = await follow()
  announce(some(1), 1000)
  announce(some(1), 17)
  announce(some(1), 5000, 'another consumer')
  announce([], 3, 'another consumer')
  await eventually(() => client.heard.missed >= 20)
  // Another client is at its place since the tests before; a consumer that is new here has missed nothing.
  expect(client.heard.missed % 1000).toBe(20)
})

test('a client that reads nothing costs no more than its queue, and receives the number of lines that it has missed', async () => {
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /api/v1/logs/tail?service=slow HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await eventually(async () => (await clients()) === 1)
  socket.pause()
  const fast = await follow('service=slow')
  const total = 750
  for (let i = 0; i < total / 25; i++) {
    announce(some(25, { service: 'slow', data: { text: 'x'.repeat(20_000) } }))
    await eventually(() => fast.heard.ids.length === (i + 1) * 25, { everyMs: 5 })
  }
  expect(fast.heard.dropped).toBe(0)
  let [lines, dropped, text] = [0, 0, '']
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  socket.resume()
  const count = () => {
    lines = text.match(/^event: log$/gm)?.length ?? 0
    dropped = [...text.matchAll(/"count":(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0)
    return lines + dropped
  }
  await eventually(() => count() >= total)
  expect(lines + dropped).toBe(total)
  expect(dropped).toBeGreaterThan(0)
  socket.destroy()
})

test('one client too many is refused, with the time after which to come back', async () => {
  const three = [await follow(), await follow(), await follow()]
  const refused = await fetch(`${url}/api/v1/logs/tail`)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
  expect(await refused.json()).toMatchObject({ code: 'too_busy' })
  await three[0]!.close()
  await eventually(async () => (await clients()) === 2)
  expect((await follow()).response.status).toBe(200)
})

test('a client that comes back goes on behind what it has seen, in this process and in another one', async () => {
  const first = await follow('service=resume')
  const rows = some(20, { service: 'resume' })
  await suite.writer.logs(...rows, logEntry({ service: 'other' }))
  announce(rows.slice(0, 10))
  await eventually(() => first.heard.ids.length === 10)
  await first.close()
  announce(rows.slice(10))
  const lastId = first.heard.ids.at(-1)!
  const again = await follow('service=resume', { 'last-event-id': lastId })
  await eventually(() => again.heard.ids.length === 10)
  expect(again.heard.ids).toEqual(rows.slice(10).map(({ id }) => id))
  const other = await startApi({ databaseUrl: suite.database.url, prefix: suite.prefix })
  const there = await followTail(await listen(other), 'service=resume', { 'last-event-id': lastId })
  await eventually(() => rows.slice(10).every(({ id }) => there.heard.ids.includes(id)))
  expect(new Set(there.heard.ids).size).toBe(there.heard.ids.length)
  await there.close()
  await other.close()
})

test('a drain ends every stream', async () => {
  const other = await startApi({ databaseUrl: suite.database.url, prefix: suite.prefix })
  const client = await followTail(await listen(other))
  await other.close()
  await eventually(() => client.ended())
})

test.each(['level=%00', 'from=2026-01-01', 'q=1+2+3+4+5+6+7+8+9+10+11'])(
  'a stream of %s is refused, and counts as none',
  async (query) => {
    expect((await fetch(`${url}/api/v1/logs/tail?${query}`)).status).toBe(400)
    expect(await clients()).toBe(0)
  },
)

test('a malformed notice has no effect', async () => {
  const client = await follow()
  for (const text of [
    '',
    '{',
    '[]',
    '{"source":"x","stored":-1,"logs":[]}',
    '{"source":"x","stored":1,"logs":[{}]}',
  ]) {
    suite.api.notices.send(suite.api.topology.logsStored, Buffer.from(text))
  }
  announce(some(1))
  await eventually(() => client.heard.ids.length === 1)
})
