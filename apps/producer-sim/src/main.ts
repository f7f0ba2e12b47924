import { cutRequests } from '@runnel/http'
import { createLogger, createMetrics } from '@runnel/observability'
import { httpOptionsOf, loadOrComplain, requireSafeAccess, runService, warnOfSettings } from '@runnel/runtime'
import { createProducerSim } from './app.ts'
import { connectSimulatorKeys } from './connect-simulator-keys.ts'
import { FakeGateway } from './gateway/fake-gateway.ts'
import { loadConfig, settings, type Config } from './config.ts'

const APP = 'producer-sim'

async function serve(config: Config): Promise<void> {
  const log = createLogger(APP, config.logLevel)
  warnOfSettings(log, config, settings, process.env)
  await runService({ log, shutdownMs: config.shutdownMs }, async (cleanup) => {
    const metrics = createMetrics(APP)
    const keys = await connectSimulatorKeys({ app: APP, config, log, metrics, cleanup })
    const gateway = cleanup.use(
      new FakeGateway(log, { ...config.gateway, httpOptions: httpOptionsOf(config, APP) }),
    )
    const app = await createProducerSim({
      log,
      metrics,
      httpOptions: httpOptionsOf(config, APP, keys),
      signal: cleanup.signal,
      ingestUrl: config.ingestUrl,
      gateway,
      stream: config.stream,
    })
    cleanup.use(app)
    cutRequests(app.server, cleanup.lastCall)
    await gateway.listen({ host: config.host, port: config.gateway.port })
    log.info({ url: gateway.url }, 'the gateway is listening')
    log.info({ url: await app.listen({ host: config.host, port: config.port }) }, 'listening')
  })
}

const config = loadOrComplain(() => requireSafeAccess(loadConfig(process.env), settings))
if (config) await serve(config)
