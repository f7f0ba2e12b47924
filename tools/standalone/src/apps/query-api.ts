import { createCache, createCacheKeys } from '@runnel/cache'
import { consoleFolder } from '@runnel/console'
import { APP_NAMES } from '@runnel/contracts/apps'
import type { HttpServer } from '@runnel/http'
import { createMetrics } from '@runnel/observability'
import { createQueryApi, type Services } from '@runnel/query-api'
import { httpOptionsOf } from '@runnel/runtime'
import { listen } from '../listen.ts'
import type { AppDeps } from '../deps.ts'
import { urlOf } from '../url-of.ts'

/** Reads, with the cache of this process alone. */
export async function startQueryApi(deps: AppDeps): Promise<HttpServer> {
  const { broker, cleanup, config, createLog, database, timekeeper, topology } = deps
  const metrics = createMetrics('query-api')
  const app = await createQueryApi({
    log: createLog('query-api'),
    metrics,
    lookups: database,
    scans: database,
    clock: timekeeper,
    cache: createCache({ metrics, ...config.query.cache }),
    keys: createCacheKeys(''),
    notices: broker,
    broker,
    redis: undefined,
    topology,
    limits: config.query.limits,
    consoleFolder,
    services: Object.fromEntries(APP_NAMES.map((app) => [app, urlOf(config, app)])) as Services,
    oneProcess: true,
    people: { settings: config.query.people, database },
    forwardTimeoutMs: config.query.forwardTimeoutMs,
    ingestPublicUrl: config.query.ingestPublicUrl,
    httpOptions: httpOptionsOf(config, 'query-api', deps.keys),
    signal: cleanup.signal,
  })
  await listen(deps, 'query-api', app.http)
  await app.start()
  return app.http
}
