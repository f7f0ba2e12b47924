import { freePort, spawnApp, startPrivateServices, type ManagedProcess } from '@runnel/testing'
import { controlGateway, type GatewayControl } from './control-gateway.ts'

/** Dispatchers as processes, over private stores and a private gateway. */
export interface MailingPlatform extends AsyncDisposable {
  readonly postgres: ManagedProcess
  readonly nats: ManagedProcess
  readonly gateway: GatewayControl
  readonly dispatchers: readonly ManagedProcess[]
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
  const { nats, postgres, urls } = starting.use(await startPrivateServices())
  const gatewayPort = String(await freePort())
  const shared = {
    ...{ ...urls, SUBJECT_PREFIX: '' },
    ...{ LOG_LEVEL: 'info', GATEWAY_DEDUPLICATES: String(options.deduplicates) },
  }
  const simulator = starting.use(await spawnApp('producer-sim', { ...shared, GATEWAY_PORT: gatewayPort }))
  const env = { ...shared, GATEWAY_URL: `http://127.0.0.1:${gatewayPort}`, ...options.env }
  const ready = { waitFor: '/readyz' } as const
  const query = starting.use(await spawnApp('query-api', shared, ready))
  const dispatchers: ManagedProcess[] = []
  while (dispatchers.length < options.dispatchers)
    dispatchers.push(starting.use(await spawnApp('message-dispatcher', env, ready)))
  const running = starting.move()
  return {
    ...{ postgres, nats, dispatchers, query },
    gateway: controlGateway(simulator.url),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
