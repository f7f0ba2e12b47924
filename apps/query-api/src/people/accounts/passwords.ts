import { hash, verify } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'

/** As OWASP advises for Argon2id, which is the default algorithm of the library. The size is in KiB. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const GENERATED_BYTES = 15

export const MIN_PASSWORD = 12
export const MAX_PASSWORD = 200

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST)
}

export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password.normalize('NFKC'))
}

/** 120 random bits. */
export function generatePassword(): string {
  return randomBytes(GENERATED_BYTES).toString('base64url')
}
