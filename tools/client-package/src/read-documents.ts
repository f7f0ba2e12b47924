import { createCache, createCacheKeys } from '@runnel/cache'
import { createEventIds, createTopology } from '@runnel/contracts'
import { APP_NAMES } from '@runnel/contracts/apps'
import type { HttpServer } from '@runnel/http'
import {
  connectIntake,
  createDeadLetterStore,
  createFormats,
  createIngestApi,
  createIntakeMetrics,
} from '@runnel/ingest-api'
import { createMessageDispatcher } from '@runnel/message-dispatcher'
import { connectBroker } from '@runnel/messaging'
import { createLogger, createMetrics } from '@runnel/observability'
import { createQueryApi, type Services } from '@runnel/query-api'
import { connectDatabase } from '@runnel/repositories-database'
import { CleanupStack, httpOptionsOf } from '@runnel/runtime'
import { loadConfig } from '@runnel/standalone'

/** The apps whose API has a client. */
export const DESCRIBED_APPS = ['ingest-api', 'query-api', 'message-dispatcher'] as const

export type DescribedApp = (typeof DESCRIBED_APPS)[number]

/** What is used of an OpenAPI document. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, unknown>>
}

/** Nothing answers there: routes are described without a server. */
const NO_DATABASE = 'postgres://none@127.0.0.1:1/none'
const NOWHERE = 'http://127.0.0.1:1'

/** With these, people sign in: sessions have routes. */
const PEOPLE = { LOCAL_ACCOUNTS: '1', PUBLIC_URL: 'http://localhost:8000' }

/** The OpenAPI documents that the apps serve at /docs/json: each app is built, and neither listens nor reaches a server. */
export async function readDocuments(): Promise<Readonly<Record<DescribedApp, OpenApiDocument>>> {
  const cleanup = new CleanupStack()
  try {
    const shared = await createShared(cleanup)
    const servers = {
      'ingest-api': await buildIngestApi(shared, cleanup),
      'query-api': await buildQueryApi(shared),
      'message-dispatcher': await buildMessageDispatcher(shared, cleanup),
    }
    const documents = {} as Record<DescribedApp, OpenApiDocument>
    for (const app of DESCRIBED_APPS) {
      const http = cleanup.use(servers[app])
      documents[app] = (await http.inject('/docs/json')).json<OpenApiDocument>()
    }
    return documents
  } finally {
    await cleanup.close()
  }
}

type Shared = Awaited<ReturnType<typeof createShared>>

async function createShared(cleanup: CleanupStack) {
  const log = createLogger('client-package', 'silent')
  const pool = { url: NO_DATABASE, applicationName: 'client-package', poolSize: 1, statementTimeoutMs: 1000 }
  return {
    config: loadConfig(PEOPLE),
    log,
    database: cleanup.use(connectDatabase(pool)),
    broker: cleanup.use(await connectBroker('memory:', { name: 'client-package', log })),
    topology: createTopology(''),
    clock: { nowMs: Date.now, offsetMs: () => 0, problem: () => undefined },
    signal: cleanup.signal,
  }
}

function buildIngestApi(shared: Shared, cleanup: CleanupStack): Promise<HttpServer> {
  const { config, broker, database, topology } = shared
  const { formats, limits, pageBytes, storedWaitMs, publishing } = config.ingest
  const intake = cleanup.use(connectIntake(broker, topology, publishing))
  const metrics = createMetrics('ingest-api')
  return createIngestApi({
    ...shared,
    ...{ metrics, limits, pageBytes, storedWaitMs },
    ...{ lanes: intake.lanes, replies: intake.replies },
    intakeMetrics: createIntakeMetrics(metrics, Object.values(intake.lanes)),
    deadLetters: createDeadLetterStore(database),
    nextId: createEventIds(),
    keyForm: 'item',
    formats: createFormats(formats),
    publishTimeoutMs: publishing.publishDeadlineMs,
    httpOptions: httpOptionsOf(config, 'ingest-api'),
  })
}

async function buildQueryApi(shared: Shared): Promise<HttpServer> {
  const { config, broker, database } = shared
  const metrics = createMetrics('query-api')
  const { http } = await createQueryApi({
    ...shared,
    metrics,
    ...{ lookups: database, scans: database, notices: broker, redis: undefined },
    cache: createCache({ metrics, ...config.query.cache }),
    keys: createCacheKeys(''),
    limits: config.query.limits,
    consoleFolder: '/nowhere',
    services: Object.fromEntries(APP_NAMES.map((app) => [app, NOWHERE])) as Services,
    people: { settings: config.query.people, database },
    forwardTimeoutMs: config.query.forwardTimeoutMs,
    httpOptions: httpOptionsOf(config, 'query-api'),
  })
  return http
}

async function buildMessageDispatcher(shared: Shared, cleanup: CleanupStack): Promise<HttpServer> {
  const { config, broker } = shared
  const { sending, notifications, ...settings } = config.dispatcher
  const { http } = await createMessageDispatcher({
    ...shared,
    ...settings,
    metrics: createMetrics('message-dispatcher'),
    notices: broker,
    cacheKeys: createCacheKeys(''),
    sending: { ...sending, gateway: { ...sending.gateway, url: NOWHERE } },
    notifications: { ...notifications, alerts: { ...notifications.alerts, queryApiUrl: NOWHERE } },
    httpOptions: httpOptionsOf(config, 'message-dispatcher'),
    lastCall: cleanup.lastCall,
  })
  return http
}
