import { freePort, spawnApp, startNats, startPostgres, startRedis, type PrivateServer } from '@runnel/testing'
import { manageApp, type ManagedApp } from '../managed-app.ts'
import { migrate } from '../migrate.ts'
import { controlGateway, type GatewayControl } from './control-gateway.ts'

/** Dispatchers as processes, over private stores and a private gateway. */
export interface MailingPlatform extends AsyncDisposable {
  readonly postgres: PrivateServer
  readonly nats: PrivateServer
  readonly gateway: GatewayControl
  readonly dispatchers: readonly ManagedApp[]
  readonly query: { readonly url: string }
}

export interface MailingPlatformOptions {
  readonly dispatchers: number
  /** Whether the gateway recognises a repeat, and the dispatchers know that it does. */
  readonly deduplicates: boolean
  /** Settings of the dispatchers. */
  readonly env?: Readonly<Record<string, string>>
}

/** @throws Error when something does not come up */
export async function startMailingPlatform(options: MailingPlatformOptions): Promise<MailingPlatform> {
  await using starting = new AsyncDisposableStack()
  const [nats, postgres, redis] = await Promise.all([startNats(), startPostgres(), startRedis()])
  for (const server of [nats, postgres, redis]) starting.use(server)
  await migrate(postgres.url)
  const gatewayPort = String(await freePort())
  const shared = {
    ...{ NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: redis.url, SUBJECT_PREFIX: '' },
    ...{ LOG_LEVEL: 'info', GATEWAY_DEDUPLICATES: String(options.deduplicates) },
  }
  const simulator = starting.use(await spawnApp('producer-sim', { ...shared, GATEWAY_PORT: gatewayPort }))
  const env = { ...shared, GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`, ...options.env }
  const query = starting.use(await spawnApp('query-api', shared, { waitFor: '/readyz' }))
  const dispatchers: ManagedApp[] = []
  while (dispatchers.length < options.dispatchers) {
    const dispatcher = await manageApp('message-dispatcher', env)
    starting.defer(async () => void (await dispatcher.current().stop()))
    dispatchers.push(dispatcher)
  }
  const running = starting.move()
  return {
    ...{ postgres, nats, dispatchers, query },
    gateway: controlGateway(simulator.url),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
