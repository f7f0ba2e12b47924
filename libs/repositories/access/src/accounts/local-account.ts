import type { Role } from '@runnel/contracts'

/** What sessions of local accounts have as their issuer; that of providers is a URL. */
export const LOCAL_ISSUER = 'local'

/** An account of Runnel's own, as it is listed: without anything that a person signs in with. */
export interface LocalAccount {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Attempts in a row that failed. */
  readonly failures: number
  /** Locked after too many of them, until then. */
  readonly lockedUntil: Date | null
  /** Locked by a person. */
  readonly disabledAt: Date | null
  readonly signedInAt: Date | null
  readonly createdBy: string
  readonly createdAt: Date
}

/** What a person signs in with, as it is kept. */
export interface AccountSecrets {
  /** Argon2id, in the form of PHC strings. */
  readonly passwordHash: string
  /** Sealed. */
  readonly totpSecret: string
}

export const ACCOUNT_COLUMNS = [
  'id',
  'name',
  'roles',
  'failures',
  'locked_until as lockedUntil',
  'disabled_at as disabledAt',
  'signed_in_at as signedInAt',
  'created_by as createdBy',
  'created_at as createdAt',
] as const
