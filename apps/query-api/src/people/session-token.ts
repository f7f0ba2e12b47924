import { createHash, randomBytes } from 'node:crypto'

const TOKEN = /^[\w-]{43}$/
const TOKEN_BYTES = 32
const ID_BYTES = 12

/** A token that a browser holds, and what is kept of it. */
export interface SessionToken {
  readonly text: string
  readonly sha256: Buffer
}

/** 256 random bits. */
export function createSessionToken(): SessionToken {
  const text = randomBytes(TOKEN_BYTES).toString('base64url')
  return { text, sha256: hashToken(text) }
}

/** @returns what is kept of a token; undefined where a text has not the form of one */
export function parseSessionToken(text: string | undefined): Buffer | undefined {
  return text !== undefined && TOKEN.test(text) ? hashToken(text) : undefined
}

/** Names a session where it is listed; opens nothing. */
export function createSessionId(): string {
  return randomBytes(ID_BYTES).toString('hex')
}

function hashToken(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
