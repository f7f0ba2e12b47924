import { createLogger, createMetrics } from '@runnel/observability'
import { loadOrComplain, runService } from '@runnel/runtime'
import { createProducerSim } from './app.ts'
import { FakeGateway } from './gateway/fake-gateway.ts'
import { gatewayOptions } from './gateway/settings.ts'
import { loadConfig, streamOptions, type Config } from './config.ts'

const APP = 'producer-sim'

async function serve(config: Config): Promise<void> {
  const log = createLogger(APP, config.LOG_LEVEL)
  await runService({ log, shutdownMs: config.SHUTDOWN_MS }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const gateway = cleanup.use(new FakeGateway(log, gatewayOptions(config)))
    const app = await createProducerSim({
      log,
      metrics,
      signal: cleanup.signal,
      ingestUrl: config.INGEST_URL,
      gateway,
      stream: streamOptions(config),
    })
    cleanup.use(app)
    await gateway.listen({ host: config.HOST, port: config.GATEWAY_PORT })
    log.info({ url: gateway.url }, 'the gateway is listening')
    log.info({ url: await app.listen({ host: config.HOST, port: config.PORT }) }, 'listening')
  })
}

const config = loadOrComplain(() => loadConfig(process.env))
if (config) await serve(config)
