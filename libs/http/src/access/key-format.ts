import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { writeBase62, writeShortBase62 } from './base62.ts'

/**
 * The text of an API key: `rnl_<id>_<secret>_<checksum>`, 71 characters, of which none has to be encoded in a URL or a header.
 *
 * - `rnl_` lets scanners for secrets find it.
 * - `id`: 16 characters of base32; not a secret, it names the key in lists and logs.
 * - `secret`: 256 random bits as 43 digits of base62. Only their SHA-256 is stored: of so many bits no slow hash is needed.
 * - `checksum`: CRC-32 of everything before it as 6 digits of base62, so that a mistyped key is told from a wrong one without
 *   any store. It is no protection.
 */
const PREFIX = 'rnl'
const ID_CHARACTERS = 16
const SECRET_BYTES = 32
const SECRET_DIGITS = 43
const CHECKSUM_DIGITS = 6

const LARGEST_SECRET = writeBase62((1n << BigInt(SECRET_BYTES * 8)) - 1n, SECRET_DIGITS)

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const KEY = /^rnl_([a-z2-7]{16})_([0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/
const KEY_ID = /^[a-z2-7]{16}$/

export interface ParsedKey {
  readonly id: string
  readonly secret: string
}

/** A key as it was just made: its text is shown once, and its hash is stored. */
export interface CreatedKey {
  readonly id: string
  /** To be shown once, and kept nowhere. */
  readonly text: string
  readonly sha256: Buffer
}

/**
 * Makes a key, or another secret for the key of that id.
 *
 * @param random gives as many random bytes as it is asked for
 */
export function createKey(
  id?: string,
  random: (bytes: number) => Uint8Array = (bytes) => randomBytes(bytes),
): CreatedKey {
  const keyId = id ?? Array.from(random(ID_CHARACTERS), (byte) => BASE32[byte % 32]).join('')
  const secret = writeBase62(toInteger(random(SECRET_BYTES)), SECRET_DIGITS)
  const body = `${PREFIX}_${keyId}_${secret}`
  return { id: keyId, text: `${body}_${checksumOf(body)}`, sha256: hashSecret(secret) }
}

/**
 * Reads a key without any store.
 *
 * @returns `malformed`: this is no key of Runnel; `mistyped`: it begins like one, but characters are wrong, missing or too many
 */
export function parseKey(text: string): ParsedKey | 'malformed' | 'mistyped' {
  if (!text.startsWith(`${PREFIX}_`)) return 'malformed'
  const [, id = '', secret = '', checksum] = KEY.exec(text) ?? []
  if (checksum === undefined) return 'mistyped'
  const body = `${PREFIX}_${id}_${secret}`
  const isSecret = secret <= LARGEST_SECRET
  return checksum === checksumOf(body) && isSecret ? { id, secret } : 'mistyped'
}

/** @returns what is stored of a secret: 32 bytes */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'latin1').digest()
}

/** Whether a text has the form of a key's id. */
export function isKeyId(text: string): boolean {
  return KEY_ID.test(text)
}

function checksumOf(body: string): string {
  return writeShortBase62(crc32(body), CHECKSUM_DIGITS)
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
