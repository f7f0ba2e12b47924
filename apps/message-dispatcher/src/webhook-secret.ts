import type { Setting } from '@runnel/runtime'

/** Bytes of a key by Standard Webhooks. */
const MIN_KEY_BYTES = 24
const MAX_KEY_BYTES = 64

/** A key of Standard Webhooks; undefined where it is not set. */
export function webhookSecret(variable: string, description: string): Setting<string | undefined> {
  return {
    variable,
    fallback: '',
    description: `${description}, as Standard Webhooks writes it: whsec_ and 24 to 64 bytes in base64`,
    secret: true,
    parse(value) {
      if (value === '') return undefined
      const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1]
      const bytes = base64 === undefined ? 0 : Buffer.from(base64, 'base64').length
      if (bytes < MIN_KEY_BYTES || bytes > MAX_KEY_BYTES)
        throw new Error('whsec_ and 24 to 64 random bytes in base64, e.g. from: openssl rand -base64 32')
      return value
    },
  }
}

/** The second value of such a key while it is rotated. */
export function secondWebhookSecret(variable: string): Setting<string | undefined> {
  return webhookSecret(
    `${variable}_SECOND`,
    `Second value of ${variable} while it is rotated: messages carry a signature of each`,
  )
}
