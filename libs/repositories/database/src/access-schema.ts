import type { Generated } from 'kysely'

/** The tables of access control, as Kysely sees them. */
export interface AccessSchema {
  access_state: AccessStateTable
  api_key: ApiKeyTable
  api_key_use: ApiKeyUseTable
  api_key_usage: ApiKeyUsageTable
}

/** One row. */
interface AccessStateTable {
  name: 'keys'
  /** Rises with every change of a key. */
  version: number
  /** Keys that were changed in a version below are gone: a backup was put back. */
  floor: number
  /** When the first admin key was made; set once. */
  bootstrapped_at: Date | null
}

interface ApiKeyTable {
  id: string
  name: string
  kind: 'live' | 'test'
  scopes: string[]
  networks: Generated<string[]>
  namespace: Generated<string>
  quotas: Generated<unknown>
  sha256: Buffer
  /** Of the secret before the last rotation, which is valid until `old_until`. */
  old_sha256: Buffer | null
  old_until: Date | null
  expires_at: Date | null
  created_by: string
  created_at: Generated<Date>
  rotated_at: Date | null
  revoked_by: string | null
  revoked_at: Date | null
  /** The version of `access_state` in which it was last changed. */
  changed_in: number
}

/** When a key was last used, by the minute. */
interface ApiKeyUseTable {
  key_id: string
  used_at: Date
}

/** What a key did at all replicas, in the five minutes that begin at `from_at`. */
interface ApiKeyUsageTable {
  from_at: Date
  key_id: string
  requests: number
  refused: number
  events: number
  bytes: number
}
