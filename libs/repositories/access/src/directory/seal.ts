import { createHmac, timingSafeEqual } from 'node:crypto'

const MAC_BYTES = 32

/** What is signed with one secret for one purpose is worth nothing for another. */
export type SealPurpose = 'key-notice' | 'key-snapshot'

/** @returns HMAC-SHA256 and text, for {@link unseal} with the same secret and purpose */
export function seal(secret: string, purpose: SealPurpose, text: string): Buffer {
  const body = Buffer.from(text, 'utf8')
  return Buffer.concat([macOf(secret, purpose, body), body])
}

/**
 * @param secrets any of which may have signed it
 * @returns undefined where it was signed by another secret, for another purpose, or was changed
 */
export function unseal(
  secrets: readonly string[],
  purpose: SealPurpose,
  sealed: Uint8Array,
): string | undefined {
  const mac = sealed.subarray(0, MAC_BYTES)
  const body = Buffer.from(sealed.subarray(MAC_BYTES))
  const isRight = (secret: string) => timingSafeEqual(mac, macOf(secret, purpose, body))
  if (mac.length !== MAC_BYTES || !secrets.some(isRight)) return undefined
  return body.toString('utf8')
}

function macOf(secret: string, purpose: SealPurpose, body: Buffer): Buffer {
  const key = createHmac('sha256', secret).update(`runnel ${purpose}`).digest()
  return createHmac('sha256', key).update(body).digest()
}
