import type { Mailing } from '../../api/mailings.ts'

export type Channel = Mailing['channel']

/** Channels of mailings, for people. */
export const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
  gateway: 'Phone, through the gateway',
  email: 'E-mail',
  webhook: 'Webhook',
}

export const CHANNEL_OPTIONS = (Object.keys(CHANNEL_NAMES) as Channel[]).map((value) => ({
  value,
  label: CHANNEL_NAMES[value],
}))
