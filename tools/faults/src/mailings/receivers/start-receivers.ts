import type { ChannelName } from '@runnel/contracts'
import type { GatewayControl } from '../control-gateway.ts'
import { startMailServer, type MailServer } from './start-mail-server.ts'
import { startWebhooks, WEBHOOK_KEY, type Webhooks } from './start-webhooks.ts'

/** What receives the messages of each channel. */
export interface Receivers extends Readonly<Record<ChannelName, unknown>> {
  readonly gateway: GatewayControl
  readonly email: MailServer
  readonly webhook: Webhooks
}

export interface StartedReceivers extends AsyncDisposable {
  readonly receivers: Omit<Receivers, 'gateway'>
}

/** A mail server and webhooks in this process. The gateway is producer-sim's. @param seed of their behaviour */
export async function startReceivers(seed: number, deduplicates: boolean): Promise<StartedReceivers> {
  await using starting = new AsyncDisposableStack()
  const email = starting.use(await startMailServer(seed))
  const webhook = starting.use(await startWebhooks(seed + 1, deduplicates))
  const running = starting.move()
  return { receivers: { email, webhook }, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** Settings of dispatchers that send to them. */
export function channelSettings({ receivers: { email, webhook } }: StartedReceivers): Record<string, string> {
  return {
    EMAIL_HOST: '127.0.0.1',
    EMAIL_PORT: String(email.port),
    EMAIL_TLS: 'none',
    EMAIL_FROM: 'Runnel <runnel@example.org>',
    EMAIL_TIMEOUT_MS: '1500',
    EMAIL_CONNECTIONS: '20',
    UNSUBSCRIBE_URL: 'http://127.0.0.1:8000',
    UNSUBSCRIBE_SECRET: 'a secret of at least 32 characters',
    WEBHOOK_SECRET: `whsec_${WEBHOOK_KEY.toString('base64')}`,
    WEBHOOK_DEDUPLICATES: String(webhook.deduplicates),
    WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
    WEBHOOK_TIMEOUT_MS: '1000',
  }
}
