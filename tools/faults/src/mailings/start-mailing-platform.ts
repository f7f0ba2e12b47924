import { spawnPlatform, startPrivateServices, type ManagedProcess } from '@runnel/testing'
import { controlGateway, type GatewayControl } from './control-gateway.ts'
import { channelSettings, startReceivers, type Receivers } from './receivers/start-receivers.ts'

/** Dispatchers as processes, over private stores and a private gateway. */
export interface MailingPlatform extends AsyncDisposable {
  readonly postgres: ManagedProcess
  readonly nats: ManagedProcess
  readonly gateway: GatewayControl
  readonly receivers: Receivers
  readonly dispatchers: readonly ManagedProcess[]
  readonly query: { readonly url: string }
}

export interface MailingPlatformOptions {
  readonly dispatchers: number
  /** Whether the gateway recognises a repeat, and the dispatchers know that it does. */
  readonly deduplicates: boolean
  /** Phones that end so are refused; default: none. */
  readonly refusedSuffix?: string
  /** Of the behaviour of the other channels. Default: 1. */
  readonly seed?: number
  /** Settings of the dispatchers. */
  readonly env?: Readonly<Record<string, string>>
}

/** @throws Error when something does not come up */
export async function startMailingPlatform(options: MailingPlatformOptions): Promise<MailingPlatform> {
  await using starting = new AsyncDisposableStack()
  const { deduplicates, seed = 1 } = options
  const others = starting.use(await startReceivers(seed, deduplicates))
  const { nats, postgres, urls } = starting.use(await startPrivateServices())
  const { apps, addReplica } = starting.use(
    await spawnPlatform({
      apps: ['producer-sim', 'query-api', 'message-dispatcher'],
      privateServices: urls,
      env: { LOG_LEVEL: 'info', GATEWAY_DEDUPLICATES: String(deduplicates) },
      appEnv: {
        'message-dispatcher': { ...channelSettings(others), ...options.env },
        'producer-sim': { GATEWAY_REFUSED_SUFFIX: options.refusedSuffix ?? '' },
      },
    }),
  )
  const dispatchers = [apps['message-dispatcher']]
  while (dispatchers.length < options.dispatchers) dispatchers.push(await addReplica('message-dispatcher'))
  const running = starting.move()
  const gateway = controlGateway(apps['producer-sim'].url)
  return {
    ...{ postgres, nats, dispatchers, query: apps['query-api'], gateway },
    receivers: { gateway, ...others.receivers },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
