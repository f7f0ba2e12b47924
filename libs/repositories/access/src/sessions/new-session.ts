import type { Role } from '@runnel/contracts'

/** A session as it begins. */
export interface NewSession {
  /** Names it where it is listed; random. */
  readonly id: string
  /** Of the token that the browser holds: 32 bytes. */
  readonly sha256: Buffer
  /** Where the person has signed in: the URL of a provider. */
  readonly issuer: string
  /** The id there. */
  readonly personId: string
  readonly name: string
  readonly roles: readonly Role[]
  /** The session at the issuer, where it names one. */
  readonly providerSession: string | null
  readonly userAgent: string
  readonly address: string
}

/** How long sessions last. */
export interface SessionLimits {
  /** Milliseconds without a request. */
  readonly idleMs: number
  /** Milliseconds altogether. */
  readonly absoluteMs: number
  /** Of one person at a time: a new one ends the oldest. */
  readonly ofPerson: number
}
