import { createCacheKeys } from '@runnel/cache'
import { createDatabaseClock, createMessageDispatcher, optionsOf } from '@runnel/message-dispatcher'
import { createMetrics } from '@runnel/observability'
import { listen } from '../listen.ts'
import type { Parts } from '../parts.ts'

/** Mailings over PGlite. @param gatewayUrl of the simulator's gateway */
export async function startMessageDispatcher(parts: Parts, gatewayUrl: string): Promise<void> {
  const name = 'message-dispatcher'
  const { broker, cleanup, config, createLog, database, topology } = parts
  const settings = { ...config, GATEWAY_URL: gatewayUrl }
  const app = await createMessageDispatcher({
    log: createLog(name),
    metrics: createMetrics(name),
    database,
    notices: broker,
    topology,
    cacheKeys: createCacheKeys(''),
    clock: createDatabaseClock(database),
    ...optionsOf(settings),
    signal: cleanup.signal,
  })
  await listen(parts, name, app.http, 'MESSAGE_DISPATCHER_PORT')
  const running = app.run()
  cleanup.defer(() => running)
}
