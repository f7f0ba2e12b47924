/** An e-mail address of a client, in bytes of UTF-8 (RFC 5321). */
export const MAX_EMAIL_BYTES = 254

/** The URL of a client's webhook, in bytes. */
export const MAX_WEBHOOK_URL_BYTES = 2048

/** The ways in which a mailing reaches its clients: a phone through the gateway, an e-mail, a call of a webhook. */
export const CHANNELS = ['gateway', 'email', 'webhook'] as const

/** Stored with mailings, and never renamed. */
export type ChannelName = (typeof CHANNELS)[number]

/** Channels whose addresses are members of a client of their own; that of the gateway is the phone, by which a client is known. */
export const ADDRESS_CHANNELS = ['email', 'webhook'] as const satisfies readonly ChannelName[]

export type AddressChannel = (typeof ADDRESS_CHANNELS)[number]
