import { createCacheKeys } from '@runnel/cache'
import { createDatabaseClock, createMessageDispatcher } from '@runnel/message-dispatcher'
import { createMetrics } from '@runnel/observability'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'

/** Mailings over PGlite. @param gatewayUrl of the simulator's gateway */
export async function startMessageDispatcher(parts: Parts, gatewayUrl: string): Promise<void> {
  const name = 'message-dispatcher'
  const { broker, cleanup, config, createLog, database, topology } = parts
  const { sending, ...settings } = config.dispatcher
  const app = await createMessageDispatcher({
    log: createLog(name),
    metrics: createMetrics(name),
    database,
    notices: broker,
    topology,
    cacheKeys: createCacheKeys(''),
    clock: createDatabaseClock(database),
    ...settings,
    sending: { ...sending, gateway: { ...sending.gateway, url: gatewayUrl } },
    signal: cleanup.signal,
  })
  await listen(parts, name, app.http)
  const running = app.run()
  cleanup.defer(() => running)
}
