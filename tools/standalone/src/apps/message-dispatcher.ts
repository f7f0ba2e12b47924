import { createCacheKeys } from '@runnel/cache'
import { createMessageDispatcher } from '@runnel/message-dispatcher'
import type { HttpServer } from '@runnel/http'
import { createMetrics } from '@runnel/observability'
import { httpOptionsOf } from '@runnel/runtime'
import { listen } from '../listen.ts'
import type { AppDeps } from '../deps.ts'
import { urlOf } from '../url-of.ts'

/** Mailings over PGlite. */
export async function startMessageDispatcher(deps: AppDeps): Promise<HttpServer> {
  const name = 'message-dispatcher'
  const { broker, cleanup, clock, config, createLog, database, gateway, topology } = deps
  const { sending, notifications, ...settings } = config.dispatcher
  const queryApiUrl = urlOf(config, 'query-api')
  const app = await createMessageDispatcher({
    log: createLog(name),
    metrics: createMetrics(name),
    database,
    notices: broker,
    topology,
    cacheKeys: createCacheKeys(''),
    clock,
    ...settings,
    changedKeys: deps.keys,
    sending: { ...sending, gateway: { ...sending.gateway, url: sending.gateway.url ?? gateway.url ?? '' } },
    notifications: { ...notifications, alerts: { ...notifications.alerts, queryApiUrl } },
    httpOptions: httpOptionsOf(config, 'message-dispatcher', deps.keys),
    signal: cleanup.signal,
    lastCall: cleanup.lastCall,
  })
  await listen(deps, name, app.http)
  const running = app.run()
  cleanup.defer(() => running)
  return app.http
}
