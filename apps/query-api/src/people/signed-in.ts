import type { Role } from '@runnel/contracts'

/** A person whom a provider has vouched for. */
export interface SignedIn {
  readonly issuer: string
  /** The id there, which stays the same. */
  readonly personId: string
  /** For the audit and for other people. */
  readonly name: string
  /** None: known, but without anything to do here. */
  readonly roles: readonly Role[]
  /** The session at the provider, where it names one. */
  readonly providerSession: string | null
}
