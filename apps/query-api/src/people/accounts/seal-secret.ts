import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals the secret of a second factor for the database. Unlike a password it has to be read again, so that no hash will do; and whoever
 * reads the table, or a backup of it, should not have the second factor together with the hash of the first.
 *
 * @param secret IDENTITY_SECRET; the key is made of it for this purpose alone
 * @param accountId of the account that it belongs to: it opens in no other
 */
export function sealSecret(secret: string, accountId: string, totpSecret: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(secret), nonce).setAAD(Buffer.from(accountId))
  const sealed = Buffer.concat([cipher.update(totpSecret), cipher.final()])
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
}

/**
 * @param secrets any of which may have sealed it
 * @returns undefined where it was sealed with another secret, or for another account
 */
export function openSecret(secrets: readonly string[], accountId: string, text: string): Buffer | undefined {
  for (const secret of secrets) {
    const opened = open(secret, accountId, text)
    if (opened) return opened
  }
  return undefined
}

function open(secret: string, accountId: string, text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv(CIPHER, keyOf(secret), bytes.subarray(0, NONCE_BYTES))
  decipher.setAAD(Buffer.from(accountId)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    return undefined
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'runnel local account totp', 32))
}
