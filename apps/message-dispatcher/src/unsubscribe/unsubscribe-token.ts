import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

/** Whose opt-out a link is. */
export interface UnsubscribeClaim {
  readonly mailingId: number
  readonly clientId: number
  /** The one that the e-mail went to. */
  readonly address: string
}

/** Turns claims into texts for URLs and back. */
export interface UnsubscribeTokens {
  encode(claim: UnsubscribeClaim): string
  /** @returns undefined for a text that was not made with this secret */
  decode(token: string): UnsubscribeClaim | undefined
}

const VERSION = 1
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** An address of 254 bytes, with all else. */
const MAX_TOKEN_CHARACTERS = 512

/**
 * A token holds the address itself, for the client may be gone, and its attempts too, when a person opts out; and it is encrypted, for
 * URLs stand in many logs. AES-256-GCM; its nonce is an HMAC of what it encrypts, so that a message has the same link however
 * often it is attempted, and no nonce is used for two texts. Tokens have no end: an old e-mail is a reason to opt out too.
 */
export function createUnsubscribeTokens(secret: string): UnsubscribeTokens {
  const keys = Buffer.from(hkdfSync('sha256', secret, '', 'runnel unsubscribe 1', 2 * KEY_BYTES))
  const [encryption, naming] = [keys.subarray(0, KEY_BYTES), keys.subarray(KEY_BYTES)]
  return {
    encode({ mailingId, clientId, address }) {
      const text = JSON.stringify([mailingId, clientId, address])
      const nonce = createHmac('sha256', naming).update(text).digest().subarray(0, NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', encryption, nonce)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    decode(token) {
      if (token.length > MAX_TOKEN_CHARACTERS || !/^[\w-]+$/.test(token)) return undefined
      const bytes = Buffer.from(token, 'base64url')
      const start = 1 + NONCE_BYTES + TAG_BYTES
      if (bytes[0] !== VERSION || bytes.length <= start) return undefined
      const decipher = createDecipheriv('aes-256-gcm', encryption, bytes.subarray(1, 1 + NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, start))
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]).toString(
          'utf8',
        )
        const [mailingId, clientId, address] = JSON.parse(text) as [number, number, string]
        return { mailingId, clientId, address }
      } catch {
        return undefined
      }
    },
  }
}
