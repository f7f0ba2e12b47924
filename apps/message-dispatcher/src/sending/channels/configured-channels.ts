import { CHANNELS, type ChannelName } from '@runnel/contracts'
import type { Logger } from '@runnel/observability'
import { acceptedSecrets } from '@runnel/runtime'
import type { Clock } from '../../clock.ts'
import type { ChannelLimits } from '../engine-settings.ts'
import type { SendingOptions } from '../settings.ts'
import type { Channel } from './channel.ts'
import { createEmailChannel } from './email/create-email-channel.ts'
import { createUndiciGateway } from './gateway/undici-gateway.ts'
import { createWebhookChannel } from './webhook/create-webhook-channel.ts'

interface ChannelDeps {
  readonly clock: Clock
  readonly log: Logger
  /** Certificates that the mail server is trusted by, beside those of Node. */
  readonly smtpCa?: string | undefined
}

/** A channel that is configured: what it can do, and how its driver is made. */
export interface ConfiguredChannel {
  readonly name: ChannelName
  readonly limits: ChannelLimits
  /** Connects with the first attempt. */
  open(deps: ChannelDeps): Channel
}

type Configure = (sending: SendingOptions) => Omit<ConfiguredChannel, 'name'> | undefined

const CONFIGURE: Readonly<Record<ChannelName, Configure>> = {
  gateway: ({ gateway, ratePerSecond }) => ({
    limits: { ...gateway, ratePerSecond },
    open: (deps) => createUndiciGateway(gateway, deps),
  }),
  email({ email }) {
    const { from, connections, ratePerSecond, ...server } = email
    if (server.host === '' || !from) return undefined
    return {
      limits: { timeoutMs: email.timeoutMs, connections, ratePerSecond, deduplicates: false },
      open: ({ smtpCa: ca, ...deps }) => createEmailChannel({ server: { ...server, ca }, from }, deps),
    }
  },
  webhook({ webhook }) {
    const secrets = acceptedSecrets(webhook.secret, webhook.secretSecond)
    if (secrets.length === 0) return undefined
    return { limits: webhook, open: (deps) => createWebhookChannel({ ...webhook, secrets }, deps) }
  },
}

/** The setting that makes each channel one that mailings can go out by. */
export const CHANNEL_SETTINGS: Readonly<Record<ChannelName, string>> = {
  gateway: 'GATEWAY_URL',
  email: 'EMAIL_HOST',
  webhook: 'WEBHOOK_SECRET',
}

/** @returns the channels that mailings can go out by here; the gateway always is one */
export function configuredChannels(sending: SendingOptions): readonly ConfiguredChannel[] {
  return CHANNELS.flatMap((name) => {
    const configured = CONFIGURE[name](sending)
    return configured ? { name, ...configured } : []
  })
}
