import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { sql, type ControlledTransaction, type Kysely } from 'kysely'
import { get, type IncomingMessage } from 'node:http'
import { logEntry, metric } from './builders.ts'
import { listen } from './follow-tail.ts'
import { useSuite } from './suite.ts'

type Schema = Database['kysely'] extends Kysely<infer S> ? S : never

const GREEDY = '127.0.0.2'
const OTHER = '127.0.0.3'

const suite = useSuite({
  limits: { queries: 12, exports: 4, tailClients: 4, changesClients: 4 },
  scanTimeoutMs: 60_000,
  httpOptions: { peerPercent: 75 },
})
let url: string
let locker: Database
let lock: ControlledTransaction<Schema> | undefined

beforeAll(async () => {
  url = await listen(suite.api, '127.0.0.1')
  await suite.writer.logs(logEntry())
  await suite.writer.metrics(metric())
  locker = connectDatabase({
    ...{ url: suite.database.url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 60_000 },
  })
})
afterEach(async () => {
  await unlock()
  await eventually(async () => (await held()).every(([, count]) => count === 0))
})
afterAll(() => locker?.close())

/** Whatever reads the table waits until `unlock`. */
async function block(table: string): Promise<void> {
  lock = await locker.kysely.startTransaction().execute()
  await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(lock)
}

async function unlock(): Promise<void> {
  await lock?.rollback().execute()
  lock = undefined
}

interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly retryAfter: string | undefined
}

/** A request from one of the addresses of this machine. */
function ask(peer: string, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${url}${path}`, { localAddress: peer, agent: false }, resolve).once('error', reject)
  })
}

async function answerOf(peer: string, path: string): Promise<Answer> {
  const response = await ask(peer, path)
  let text = ''
  for await (const piece of response.setEncoding('utf8')) text += piece as string
  const isProblem = response.headers['content-type']?.includes('problem') ?? false
  const code = isProblem ? (JSON.parse(text) as { code: string }).code : undefined
  return { status: response.statusCode!, code, retryAfter: response.headers['retry-after'] }
}

async function held(): Promise<(readonly [pool: string, count: number])[]> {
  const { body } = await suite.api.get('/metrics')
  return [...body.matchAll(/^runnel_share_(?:held|waiting)\{.*pool="(\w+)".*\} (\d+)$/gm)].map(
    ([, pool, count]) => [pool!, Number(count)] as const,
  )
}

const REFUSED: Answer = {
  status: 429,
  code: 'too_many_requests_of_peer',
  retryAfter: expect.any(String) as never,
}

test('searches of one peer leave a connection to others, and wait for each other', async () => {
  await block('metric')
  const greedy = Array.from({ length: 6 }, () => answerOf(GREEDY, '/api/v1/metrics'))
  await eventually(async () => (await held()).some(([, count]) => count === 5))
  for (let i = 0; i < 10; i++) expect((await answerOf(OTHER, '/api/v1/logs')).status).toBe(200)
  await unlock()
  expect((await Promise.all(greedy)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
})

test('a peer whose part is in use is refused by that name, other peers are not, and the refusal ends with what holds the part', async () => {
  await block('metric')
  const greedy = Array.from({ length: 20 }, () => answerOf(GREEDY, '/api/v1/metrics'))
  const answers = Promise.all(greedy)
  const first = await Promise.race(greedy)
  expect(first).toEqual(REFUSED)
  expect((await answerOf(OTHER, '/api/v1/logs')).status).toBe(200)
  await unlock()
  const byStatus = Map.groupBy(await answers, ({ status }) => status)
  expect([byStatus.get(200)!.length, byStatus.get(429)!.length]).toEqual([8, 12])
  expect(byStatus.get(429)).toEqual(Array.from({ length: 12 }, () => REFUSED))
  expect((await answerOf(GREEDY, '/api/v1/metrics')).status).toBe(200)
})

test('stalled exports of one peer leave room for the exports of others', async () => {
  await block('log')
  const path = '/api/v1/logs/export'
  const greedy = Array.from({ length: 4 }, () => answerOf(GREEDY, path))
  expect(await Promise.race(greedy)).toEqual(REFUSED)
  const other = answerOf(OTHER, path)
  await unlock()
  expect((await other).status).toBe(200)
})

test.each(['/api/v1/logs/tail', '/api/v1/products/changes'])(
  'streams of %s leave room for others, until one of a peer ends',
  async (path) => {
    const greedy = [await ask(GREEDY, path), await ask(GREEDY, path), await ask(GREEDY, path)]
    expect(await answerOf(GREEDY, path)).toEqual(REFUSED)
    const other = await ask(OTHER, path)
    expect(other.statusCode).toBe(200)
    expect(await answerOf(OTHER, path)).toMatchObject({ status: 429, code: 'too_busy' })
    greedy[0]!.destroy()
    const more = await eventually(async () => {
      const response = await ask(OTHER, path)
      if (response.statusCode === 200) return response
      response.resume()
      return undefined
    })
    for (const stream of [...greedy, other, more]) stream.destroy()
  },
)
