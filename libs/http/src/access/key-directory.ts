import type { KeyQuotas, Scope } from '@runnel/contracts'
import type { KeyCounts } from './quotas/key-counts.ts'

/** What is known of an API key. Of its secret only hashes. */
export interface KeyRecord {
  readonly id: string
  readonly name: string
  /** Mailings of a `test` key never reach the gateway. */
  readonly kind: 'live' | 'test'
  readonly scopes: ReadonlySet<Scope>
  /** SHA-256 of each valid secret: two while the key is being rotated, of which the old one has an end. */
  readonly hashes: readonly { readonly sha256: Buffer; readonly validUntilMs?: number | undefined }[]
  readonly expiresAtMs?: number | undefined
  readonly revokedAtMs?: number | undefined
  /** IP addresses and networks from which it is accepted; empty for all. */
  readonly networks: readonly string[]
  /** The owner's namespace of idempotency keys; empty for the one that all share. */
  readonly namespace: string
  /** What it may use at each replica; nothing is limited where it is left out. */
  readonly quotas?: KeyQuotas | undefined
}

/**
 * - `fresh`: read or confirmed within KEYS_STALE_MS
 * - `stale`: older than that; no key is accepted
 * - `unknown`: never read; no key is accepted
 */
export type DirectoryState = 'fresh' | 'stale' | 'unknown'

/** Where keys are looked up. Everything here answers at once, from memory. */
export interface KeyDirectory {
  readonly state: DirectoryState
  /**
   * The same object as before while nothing about the key has changed, so that a verified credential stays verified; another
   * object after every change, a revocation included.
   */
  find(keyId: string): KeyRecord | undefined
  /**
   * Notes that a key was used, to the minute; the directory writes it down later.
   *
   * @param nowMs milliseconds since 1970, which whoever verified the key has just read
   */
  noteUse(keyId: string, nowMs: number): void
  /** @returns always the same object of a key: what is added to it, the directory writes down later. Only of keys whose secret was right */
  countsOf(keyId: string): KeyCounts
  /** What people should know of it; undefined where all is well. */
  describe?(): string | undefined
}
