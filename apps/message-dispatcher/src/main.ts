import { createLogger, createMetrics } from '@runnel/observability'
import { loadOrComplain, runService } from '@runnel/runtime'
import { createMessageDispatcher } from './app.ts'
import { loadConfig } from './config.ts'

const config = loadOrComplain(() => loadConfig(process.env))
if (config) {
  const log = createLogger('message-dispatcher', config.LOG_LEVEL)
  await runService({ log, shutdownMs: config.SHUTDOWN_MS }, async (cleanup) => {
    const metrics = createMetrics('message-dispatcher')
    const app = cleanup.use(await createMessageDispatcher({ log, metrics, signal: cleanup.signal }))
    const address = await app.listen({ host: config.HOST, port: config.PORT })
    log.info({ address }, 'listening')
  })
}
