import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { APP_NAMES, FAKE_GATEWAY, portVariable } from '@runnel/contracts/apps'
import { eventually, spawnStandalone, type RunningStandalone } from '@runnel/testing'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Two starts, each of them as long as it may take. */
const START_TWICE_MS = 300_000

let folder: string
let running: RunningStandalone | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runnel-standalone-'))
})

afterEach(async () => {
  await running?.kill('SIGKILL')
  await running?.exited
  running = undefined
  rmSync(folder, { recursive: true, force: true })
})

/** Starts it on the folder, and waits for what it says last. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<RunningStandalone> {
  const started = await spawnStandalone(folder, env)
  running = started
  await eventually(() => started.logs().includes('Ctrl-C stops it')).catch((cause) => {
    throw new Error(`it did not come up\n${started.logs()}`, { cause })
  })
  return started
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url)
  expect([url, response.status]).toEqual([url, 200])
  return (await response.json()) as T
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** The status of an answer to a request that names this host; fetch would not let it. */
async function statusUnder(port: number, host: string, method: string, path: string): Promise<number> {
  const sent = request({ host: '127.0.0.1', port, method, path, headers: { host } }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode ?? 0
}

interface Items {
  readonly items: readonly Record<string, unknown>[]
}

const messages = async (query: string) =>
  (await get<Items>(`${query}/api/v1/logs?limit=100`)).items.map(({ message }) => message)

describe('the standalone mode', () => {
  it('answers on no port under a name that is not allowed, however it is asked', async () => {
    const { env } = await start({ ALLOWED_HOSTS: 'runnel.example' })
    const variables = [...APP_NAMES.map(portVariable), FAKE_GATEWAY.portVariable]
    for (const [name, port] of variables.map((variable) => [variable, Number(env[variable])] as const)) {
      const statuses = [
        await statusUnder(port, 'evil.example', 'GET', '/api/v1/clients'),
        await statusUnder(port, `evil.example:${port}`, 'POST', '/v1/send/1'),
        await statusUnder(port, 'evil.example', 'GET', '/console/logs'),
        await statusUnder(port, 'evil.example', 'GET', '/docs/static/index.html'),
        await statusUnder(port, 'evil.example', 'POST', '/api/v1/mailings/1/start'),
      ]
      expect([name, ...statuses]).toEqual([name, 421, 421, 421, 421, 421])
      expect([name, await statusUnder(port, 'runnel.example', 'GET', '/nowhere')]).toEqual([name, 404])
      expect([name, await statusUnder(port, '[::1]:1', 'GET', '/nowhere')]).toEqual([name, 404])
    }
  })

  it(
    'shows its sample at the first start, takes in events of every form, and keeps them over a restart',
    async () => {
      let app = await start()
      const { ingest, query, env } = app
      expect(app.logs()).toContain('with a small sample in it')
      expect((await get<unknown[]>(`${query}/products`)).length).toBe(8)
      expect(await messages(query)).toHaveLength(8)

      expect((await post(`${ingest}/api/v1/products`, { id: 77, name: 'mug', price: 4.5 })).status).toBe(200)
      expect((await post(`${ingest}/log`, { message: 'one' })).status).toBe(200)
      expect((await post(`${ingest}/api/v1/logs`, [{ message: 'two' }, { message: 'three' }])).status).toBe(
        200,
      )
      const lines = '{"message":"four"}\n{"message":"five"}\n'
      const ndjson = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'k' }
      expect((await post(`${ingest}/log`, lines, ndjson)).status).toBe(200)
      const again = await post(`${ingest}/log`, lines, ndjson)
      expect([again.status, await again.json()]).toMatchObject([
        200,
        { duplicates: [{ index: 0 }, { index: 1 }] },
      ])
      expect((await post(`${ingest}/log?wait=stored`, { message: 'six' })).status).toBe(200)
      const metric = { data: { name: 'load', value: 0.25, tags: { host: 'a' } } }
      expect((await post(`${ingest}/api/v1/metrics`, metric)).status).toBe(200)
      expect((await fetch(`${ingest}/api/v1/products/3`, { method: 'DELETE' })).status).toBe(200)
      // 200 means that the row is committed: nothing has to be waited for, but caches receive the change of products a moment later.
      const mine = ['one', 'two', 'three', 'four', 'five', 'six']
      expect((await messages(query)).filter((text) => mine.includes(text as string)).sort()).toEqual(
        [...mine].sort(),
      )
      await checkReads(query)

      await app.kill('SIGTERM')
      expect(await app.exited).toEqual({ code: 0, signal: null })
      app = await start(env)
      expect(app.logs()).not.toContain('sample')
      await checkReads(query)
      expect(await messages(query)).toHaveLength(14)
      await app.kill('SIGINT')
      expect(await app.exited).toEqual({ code: 0, signal: null })
    },
    START_TWICE_MS,
  )

  it('serves health, documentation and metrics of all five apps', async () => {
    const { env, query } = await start()
    for (const name of APP_NAMES.map(portVariable)) {
      for (const route of ['healthz', 'readyz', 'docs/json', 'metrics'])
        expect((await fetch(`http://127.0.0.1:${env[name]}/${route}`)).status).toBe(200)
    }
    expect(await (await fetch(`${query}/`)).text()).toContain('Fountain pen')
  })

  it(
    'sends its sample mailing to a dozen clients through the built-in gateway, once',
    async () => {
      const app = await start()
      const [url = ''] = /http:\S+\/api\/v1\/mailings\/\d+\/stats/.exec(app.logs()) ?? []
      interface Statistics {
        readonly status: string
        readonly counts: { readonly sent: number }
      }
      const completed = await eventually(
        async () => {
          const statistics = await get<Statistics>(url)
          return statistics.status === 'completed' && statistics
        },
        { everyMs: 200 },
      )
      expect(completed.counts).toMatchObject({ sent: 12 })
      const { items } = await get<Items>(`${app.simulator}/api/v1/gateway/calls`)
      expect(new Set(items.map(({ phone }) => phone)).size).toBe(12)
      // Slow enough to be watched: two in a second.
      const times = items.map(({ atMs }) => atMs as number)
      expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(3000)
      // A call whose answer came too late is made again, and is known to the gateway.
      expect(await get(`${app.simulator}/api/v1/gateway/stats`)).toMatchObject({ effects: 12, duplicates: 0 })

      await app.kill('SIGTERM')
      expect(await app.exited).toEqual({ code: 0, signal: null })
      const again = await start(app.env)
      expect(again.logs()).toContain('/api/v1/mailings/stats')
      const all = await get<{ items: Statistics[] }>(`${again.query}/api/v1/mailings/stats`)
      expect(all.items).toMatchObject([{ status: 'completed', counts: { sent: 12 } }])
      expect(await get(`${again.simulator}/api/v1/gateway/stats`)).toMatchObject({ calls: 0 })
    },
    START_TWICE_MS,
  )

  it(
    'refuses a folder that is in use and a port that is taken, each in one line',
    async () => {
      const app = await start()
      const ports = { ...app.env }
      const second = await spawnStandalone(folder, {}, { waitFor: false })
      expect(await second.exited).toEqual({ code: 1, signal: null })
      expect(second.logs()).toBe(
        `${folder} is in use by process ${app.pid}; set RUNNEL_DATA_DIR to another folder\n`,
      )
      expect((await fetch(`${app.query}/readyz`)).status).toBe(200)

      await app.kill('SIGKILL')
      await app.exited
      await using squatter = createServer().listen(0, '127.0.0.1')
      await once(squatter, 'listening')
      const { port } = squatter.address() as AddressInfo
      const blocked = await spawnStandalone(
        folder,
        { ...ports, QUERY_API_PORT: String(port) },
        { waitFor: false },
      )
      expect(await blocked.exited).toEqual({ code: 1, signal: null })
      expect(blocked.logs()).toBe(
        `Port ${port} of query-api on 127.0.0.1 is taken: set QUERY_API_PORT to another port\n`,
      )
    },
    START_TWICE_MS,
  )

  it('keeps what it acknowledged, and what it buried, when it is killed', async () => {
    const app = await start()
    const poison = { message: 'poison', timestamp: '0001-01-01T00:00:00Z', nested: { text: 'fine' } }
    expect((await post(`${app.ingest}/log`, poison)).status).toBe(200)
    expect((await post(`${app.ingest}/log`, { message: 'last words' })).status).toBe(200)
    await app.kill('SIGKILL')
    await app.exited
    const again = await start(app.env)
    expect(await messages(again.query)).toContain('last words')
  })
})

/** What the first start has left, by every way of reading. */
async function checkReads(query: string): Promise<void> {
  await eventually(async () => {
    const products = await get<{ id: number }[]>(`${query}/products`)
    return products.map(({ id }) => id).join() === '1,2,4,5,6,7,8,77'
  })
  expect(await get(`${query}/api/v1/products/77`)).toMatchObject({ name: 'mug', price: 4.5 })
  const names = await get<Items>(`${query}/api/v1/metrics/names`)
  expect(names.items.map(({ name }) => name)).toEqual(['load', 'temperature'])
  const series = `${query}/api/v1/metrics/series?name=temperature&agg=p95&step=1h&by=room`
  expect(await get<{ series: unknown[] }>(series)).toMatchObject({ truncated: false })
  expect((await get<Items>(`${query}/api/v1/logs?level=error&q=relay`)).items).toHaveLength(1)
  expect((await fetch(`${query}/api/v1/logs/stats?step=1h`)).status).toBe(200)
}
