import { createCacheKeys } from '@runnel/cache'
import { createTopology } from '@runnel/contracts'
import { connectBroker, type Broker } from '@runnel/messaging'
import { DEFAULT_HTTP_OPTIONS } from '@runnel/http'
import { createLogger, createMetrics, type Metrics } from '@runnel/observability'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase } from '@runnel/testing'
import type { InjectOptions } from 'fastify'
import { createMessageDispatcher, loadConfig, type MessageDispatcherDeps } from '../src/index.ts'

/** The tests are a proxy that names people. */
const NAMED_BY_PROXY = {
  auth: 'none',
  app: 'message-dispatcher',
  identitySecret: '',
  forwardedUser: { networks: ['127.0.0.1'], secret: '', role: 'admin' },
} as const

export interface StartOptions {
  /** Settings as in the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** The fake clock at the start, in milliseconds since 1970. Default: now. */
  readonly nowMs?: number
  /** A clock for several replicas. */
  readonly clock?: FakeClock
  /** A migrated database that the caller drops. Default: a new one, which is dropped with the dispatcher. */
  readonly databaseUrl?: string
  /** A broker for several replicas, which the caller closes. */
  readonly broker?: Broker
  /** Dependencies that replace the default ones. */
  readonly deps?: Partial<MessageDispatcherDeps>
}

/** A clock that stands still until it is set. */
export interface FakeClock {
  nowMs(): number
  set(ms: number): void
  advance(ms: number): void
}

export function createFakeClock(startMs = Date.now()): FakeClock {
  let now = startMs
  return {
    nowMs: () => now,
    set: (ms) => (now = ms),
    advance: (ms) => (now += ms),
  }
}

/** A dispatcher over the memory broker and a database, for tests. Its loops run once {@link run} is called. */
export interface TestDispatcher {
  readonly http: Awaited<ReturnType<typeof createMessageDispatcher>>['http']
  readonly database: Database
  readonly databaseUrl: string
  readonly broker: Broker
  readonly metrics: Metrics
  readonly clock: FakeClock
  /** Starts the loops of schedule and sending. */
  run(): void
  /** Aborts the signal of the drain; resolves once the loops have ended. */
  drain(): Promise<void>
  inject(options: InjectOptions): Promise<Answer>
  get(url: string): Promise<Answer>
  /** @param body becomes JSON */
  post(url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(url: string, body: unknown): Promise<Answer>
  delete(url: string): Promise<Answer>
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export type Answer = Awaited<ReturnType<TestDispatcher['http']['inject']>>

export async function startDispatcher(options: StartOptions = {}): Promise<TestDispatcher> {
  const made = options.databaseUrl === undefined ? await createTestDatabase() : undefined
  const databaseUrl = options.databaseUrl ?? made!.url
  const log = createLogger('message-dispatcher', 'silent')
  const metrics = createMetrics('message-dispatcher')
  const clock = options.clock ?? createFakeClock(options.nowMs)
  const broker = options.broker ?? (await connectBroker('memory:', { name: 'test', log }))
  const database = connectDatabase({
    url: databaseUrl,
    applicationName: 'test',
    poolSize: 8,
    statementTimeoutMs: 10_000,
  })
  const { clients, schedule, sending, notifications, keys, dashboards, pageBytes } = loadConfig({
    // No other app runs in these tests.
    QUERY_API_URL: 'http://127.0.0.1:9',
    ...options.env,
  })
  const abort = new AbortController()
  const app = await createMessageDispatcher({
    ...{ log, metrics, database, clock },
    notices: broker,
    topology: createTopology(''),
    cacheKeys: createCacheKeys(''),
    httpOptions: { ...DEFAULT_HTTP_OPTIONS, access: NAMED_BY_PROXY },
    ...{ clients, schedule, sending, notifications, keys, dashboards, pageBytes },
    signal: abort.signal,
    lastCall: new AbortController().signal,
    ...options.deps,
  })
  let running: Promise<void> = Promise.resolve()
  const drain = async () => {
    abort.abort()
    await running
  }
  const stop = async () => {
    await drain()
    await app.http.close()
    if (!options.broker) await broker.close()
    await database.close()
    await made?.drop()
  }
  return {
    ...{ http: app.http, database, databaseUrl, broker, metrics, clock, drain, stop },
    run: () => void (running = app.run()),
    ...createRequests(app.http),
    [Symbol.asyncDispose]: stop,
  }
}

function createRequests(http: TestDispatcher['http']) {
  const inject = (request: InjectOptions) => http.inject(request)
  const send = (method: 'POST' | 'PATCH', url: string, body?: unknown, headers = {}) =>
    inject({
      method,
      url,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    })
  return {
    inject,
    get: (url: string) => inject({ method: 'GET', url }),
    post: (url: string, body?: unknown, headers: Record<string, string> = {}) =>
      send('POST', url, body, headers),
    patch: (url: string, body: unknown) => send('PATCH', url, body),
    delete: (url: string) => inject({ method: 'DELETE', url }),
  }
}
