import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { httpOptionsOf, readSettings, serviceSettings } from '@runnel/runtime'
import { eventually, startPostgres, startRedis, createTestDatabase } from '@runnel/testing'
import { startService, type Listener } from './forward-parts.ts'
import { startApi, type Api } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()

interface System {
  at: string
  apps: {
    name: string
    status: string
    failures: object
    notes: object
    problem: string | null
    uptimeSeconds: number | null
  }[]
  servers: { name: string; status: string }[]
  broker: {
    kind: string
    pendingMessages: number | null
    lagSeconds: number | null
    lagAgeSeconds: number | null
  }[]
  retentionDays: number | null
  oneProcess: boolean
  cache: { lookups: number; hitRatio: number | null }
  sending: {
    breaker: string | null
    stopReason: string | null
    resumesAt: string | null
    openChunks: number | null
  }
}

const METRICS = `# HELP process_start_time_seconds x
process_start_time_seconds{app="x"} ${Math.floor(Date.now() / 1000) - 90}
nodejs_version_info{version="v24.9.0",major="24",app="x"} 1
runnel_broker_pending_messages{kind="logs",app="x"} 17
runnel_consumer_lag_seconds{kind="logs"} 0.25
runnel_consumer_last_batch_timestamp_seconds{kind="logs"} ${Math.floor(Date.now() / 1000) - 300}
runnel_retention_days{app="x"} 30
runnel_gateway_breaker_state{state="open"} 1
runnel_gateway_breaker_state{state="closed"} 0
runnel_gateway_stopped{reason="failing"} 0
runnel_gateway_stopped{reason="not_found"} 1
runnel_gateway_resumes_in_seconds 600
runnel_send_chunks_open 4
`

const { host, http, access, tls } = serviceSettings('query-api')
const OPEN = { host, http, access, tls }

const READY = '{"status":"ok","notes":{"access":"PRIVATE_NETWORK=1"}}'

/** As an app answers that is fine. */
const fine: Listener = (request, response) => response.end(request.url === '/metrics' ? METRICS : READY)

const unready: Listener = (request, response) => {
  if (request.url === '/metrics') return response.writeHead(500).end('<html>')
  return response.writeHead(503).end('{"status":"unready","failures":{"database":"<b>away</b>"}}')
}

const services: Awaited<ReturnType<typeof startService>>[] = []

async function start(listener: Listener): Promise<string> {
  const service = await startService(listener)
  services.push(service)
  return service.url
}

let api: Api

beforeAll(async () => {
  const [consumer, dispatcher, ingest] = await Promise.all([start(fine), start(fine), start(unready)])
  api = await startApi({
    databaseUrl: suite.database.url,
    prefix: suite.prefix,
    services: { consumer, 'message-dispatcher': dispatcher, 'ingest-api': ingest },
  })
  await api.start()
})

afterAll(async () => {
  await api?.close()
  for (const { server } of services) {
    server.closeAllConnections()
    server.close()
  }
})

const read = async (from: Api) => (await from.get('/api/v1/system')).json<System>()

test('every app is listed: those that are ready, those that are not, and those that do not answer', async () => {
  const { apps } = await read(api)
  const byName = Object.fromEntries(apps.map((app) => [app.name, app]))
  expect(Object.keys(byName)).toEqual([
    'query-api',
    'ingest-api',
    'consumer',
    'message-dispatcher',
    'producer-sim',
  ])
  expect(byName['query-api']).toMatchObject({ status: 'ready', failures: {}, notes: {}, url: null })
  expect(byName['consumer']).toMatchObject({ status: 'ready', nodeVersion: 'v24.9.0' })
  expect(byName['consumer']!.notes).toEqual({ access: 'PRIVATE_NETWORK=1' })
  expect(byName['consumer']!.uptimeSeconds).toBeGreaterThanOrEqual(89)
  expect(byName['ingest-api']).toMatchObject({
    status: 'unready',
    failures: { database: '<b>away</b>' },
    uptimeSeconds: null,
  })
  expect(byName['producer-sim']).toMatchObject({
    status: 'away',
    problem: 'no process listens at its address',
  })
})

test('what is open to other machines is said of query-api itself', async () => {
  const { access } = httpOptionsOf(readSettings(OPEN, { HOST: '0.0.0.0', AUTH: 'none' }), 'query-api')
  const open = await startApi({
    databaseUrl: suite.database.url,
    prefix: suite.prefix,
    httpOptions: { access },
  })
  const own = (await read(open)).apps.find(({ name }) => name === 'query-api')
  expect(own?.notes).toEqual({ access: expect.stringContaining('AUTH=none') })
  expect((await open.get('/readyz')).json()).toMatchObject({ notes: own?.notes })
  await open.close()
})

test('backlog, lag, breaker and cache are numbers; what is not known is null', async () => {
  const { broker, sending, cache, retentionDays, oneProcess } = await read(api)
  const logs = broker.find(({ kind }) => kind === 'logs')
  expect(logs).toMatchObject({ pendingMessages: 17, lagSeconds: 0.25, streamBytes: null })
  // How old the lag is: that of a batch of long ago says nothing of now.
  expect(logs?.lagAgeSeconds).toBeGreaterThanOrEqual(300)
  expect([retentionDays, oneProcess]).toEqual([30, false])
  expect(broker.map(({ kind }) => kind).sort()).toEqual(['logs', 'metrics', 'products', 'traces'])
  expect(sending).toMatchObject({ breaker: 'open', openChunks: 4, chunkLagSeconds: null })
  expect(sending.stopReason).toBe('not_found')
  expect(Date.parse(sending.resumesAt!)).toBeGreaterThan(Date.now())
  expect(cache.lookups).toBeGreaterThanOrEqual(0)
})

test('the cache reports how often it had an answer', async () => {
  await api.get('/api/v1/products')
  await api.get('/api/v1/products')
  await eventually(async () => {
    const { cache } = await read(api)
    return cache.lookups >= 2 && cache.hitRatio !== null && cache.hitRatio > 0 && cache.hitRatio <= 1
  })
})

test('requests at the same time ask each app once', async () => {
  let asked = 0
  const consumer = await start((request, response) => {
    if (request.url === '/readyz') asked++
    return fine(request, response)
  })
  const other = await startApi({
    databaseUrl: suite.database.url,
    prefix: suite.prefix,
    services: { consumer },
  })
  const answers = await Promise.all(Array.from({ length: 50 }, () => other.get('/api/v1/system')))
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  expect(asked).toBe(1)
  await other.close()
})

test.each<[string, Listener, string]>([
  ['is silent', () => undefined, 'no answer in time'],
  ['cuts the connection', (request) => request.socket.destroy(), 'UND_ERR_SOCKET'],
  ['answers without end', (_request, response) => flood(response), 'its answer is malformed'],
  [
    'sends elsewhere',
    (_request, response) => response.writeHead(302, { location: '/x' }).end(),
    'its answer',
  ],
])('an app that %s is away, and no request waits for it', async (_, listener, problem) => {
  const consumer = await start(listener)
  const other = await startApi({
    databaseUrl: suite.database.url,
    prefix: suite.prefix,
    services: { consumer },
  })
  // On a busy machine, whatever it does may take longer than it is waited for.
  await eventually(async () => {
    const { apps } = await read(other)
    const app = apps.find(({ name }) => name === 'consumer')
    return app?.status === 'away' && app.problem?.includes(problem)
  })
  await other.close()
})

function flood(response: Parameters<Listener>[1]): void {
  const chunk = Buffer.alloc(65_536, 'x')
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', write)
  write()
}

test('servers that become unreachable and come back are reported', async () => {
  await using postgres = await startPostgres()
  await using redis = await startRedis()
  const database = await createTestDatabase({ serverUrl: postgres.url })
  const other = await startApi({ databaseUrl: database.url, prefix: suite.prefix, redisUrl: redis.url })
  const servers = async () => Object.fromEntries((await read(other)).servers.map((s) => [s.name, s.status]))
  expect(await servers()).toEqual({ postgres: 'ready', broker: 'ready', redis: 'ready' })
  await Promise.all([postgres.kill('SIGKILL'), redis.kill('SIGKILL')])
  await eventually(async () => {
    const { postgres: p, redis: r } = await servers()
    return p === 'away' && r === 'away'
  })
  await postgres.restart()
  await eventually(async () => (await servers())['postgres'] === 'ready')
  await other.close()
})
