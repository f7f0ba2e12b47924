import type { KeyQuotas, Scope } from '@runnel/contracts'

/** A key to be stored. */
export interface NewKey {
  readonly id: string
  /** Of its secret: 32 bytes. */
  readonly sha256: Buffer
  readonly name: string
  readonly kind: 'live' | 'test'
  readonly scopes: readonly Scope[]
  readonly networks: readonly string[]
  readonly namespace: string
  readonly quotas: KeyQuotas
  readonly expiresAt: Date | null
}
