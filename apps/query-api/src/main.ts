import { connectRedis, createCache, createCacheKeys } from '@runnel/cache'
import { consoleFolder } from '@runnel/console'
import { createTopology } from '@runnel/contracts'
import { connectBroker } from '@runnel/messaging'
import { cutRequests, runInWorkers } from '@runnel/http'
import { createLogger, createMetrics } from '@runnel/observability'
import { connectKeys } from '@runnel/repositories-access'
import { connectDatabaseOf, createDatabaseClock } from '@runnel/repositories-database'
import { httpOptionsOf, loadOrComplain, requireSafeAccess, runService, warnOfSettings } from '@runnel/runtime'
import { createQueryApi } from './app.ts'
import { loadConfig, settings, type QueryConfig } from './config.ts'
import { followDatabaseClock } from './follow-database-clock.ts'
import { followReplicas } from './replicas/follow-replicas.ts'
import { openReplicas } from './replicas/open-replicas.ts'
import { requireSignIn } from './people/require-sign-in.ts'
import { doPeopleSignIn } from './people/settings.ts'

const APP = 'query-api'

/** Looks sessions up, beside all other reads. */
const SESSION_POOL = { poolSize: 2, statementTimeoutMs: 5000 }

async function serve(config: QueryConfig): Promise<void> {
  const log = createLogger(APP, config.logLevel)
  warnOfSettings(log, config, settings, process.env)
  await runService({ log, shutdownMs: config.shutdownMs }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const connectPool = (pool: QueryConfig['lookups'] & { readonly url?: string }) =>
      cleanup.use(connectDatabaseOf(APP, { ...config.database, ...pool }, log, cleanup.lastCall))
    const lookups = connectPool(config.lookups)
    const clock = createDatabaseClock(lookups)
    const scans = connectPool(config.scans)
    const replicas = config.replicas.url
      ? openReplicas({ log, metrics, ...config.replicas, scans, pool: config.scans, connect: connectPool })
      : undefined
    const remote = cleanup.use(
      connectRedis(config.redis.url, log, { files: config.redis, sentinel: config.redis.sentinel }),
    )
    const notices = cleanup.use(
      await connectBroker(config.broker.url, { name: APP, log, access: config.broker.access }),
    )
    const topology = createTopology(config.broker.subjectPrefix)
    const keys = await connectKeys({ config, log, metrics, database: lookups, notices, topology, cleanup })
    const app = await createQueryApi({
      log,
      metrics,
      lookups,
      scans,
      replicas,
      clock,
      cache: createCache({ metrics, ...config.cache, remote }),
      keys: createCacheKeys(config.broker.subjectPrefix),
      notices,
      broker: notices,
      redis: remote,
      topology,
      limits: config.limits,
      consoleFolder,
      services: config.services,
      forwardTimeoutMs: config.forwardTimeoutMs,
      ingestPublicUrl: config.ingestPublicUrl,
      people: doPeopleSignIn(config.people)
        ? { settings: config.people, database: connectPool(SESSION_POOL) }
        : undefined,
      httpOptions: httpOptionsOf(config, APP, keys),
      signal: cleanup.signal,
    })
    cleanup.use(app.http)
    cutRequests(app.http.server, cleanup.lastCall)
    log.info({ url: await app.http.listen({ host: config.host, port: config.port }) }, 'listening')
    const following = followDatabaseClock({ log, metrics, clock, signal: cleanup.signal })
    cleanup.defer(() => following)
    const followingReplicas = replicas && followReplicas(replicas, cleanup.signal)
    cleanup.defer(() => followingReplicas)
    await app.start()
  })
}

const config = loadOrComplain(() => requireSignIn(requireSafeAccess(loadConfig(process.env), settings)))
if (config) await runInWorkers(APP, config, () => serve(config))
