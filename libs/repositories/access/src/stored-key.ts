import type { KeyQuotas, Scope } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { sql, type Kysely } from 'kysely'
import type { Schema } from '@runnel/repositories-database'

/** A key as it is listed. */
export interface StoredKey {
  readonly id: string
  readonly name: string
  readonly kind: 'live' | 'test'
  readonly scopes: readonly Scope[]
  readonly networks: readonly string[]
  readonly namespace: string
  readonly quotas: KeyQuotas
  readonly state: 'active' | 'expired' | 'revoked'
  readonly createdAt: Date
  readonly createdBy: string
  readonly expiresAt: Date | null
  /** Null where the old secret is not valid any more. */
  readonly oldSecretUntil: Date | null
  readonly revokedAt: Date | null
  readonly revokedBy: string | null
  readonly lastUsedAt: Date | null
}

/** @returns every key, the newest first; their number has a limit */
export function listKeys({ kysely }: Database): Promise<StoredKey[]> {
  return selectKeys(kysely, sql`true`)
}

/** @returns undefined where there is none with this id */
export async function findKey(kysely: Kysely<Schema>, id: string): Promise<StoredKey | undefined> {
  return (await selectKeys(kysely, sql`k.id = ${id}`))[0]
}

async function selectKeys(kysely: Kysely<Schema>, where: ReturnType<typeof sql>): Promise<StoredKey[]> {
  const { rows } = await sql<StoredKey>`
    select k.id, k.name, k.kind, k.scopes, k.networks, k.namespace, k.quotas, k.created_at as "createdAt",
      k.created_by as "createdBy", k.expires_at as "expiresAt", k.revoked_at as "revokedAt", k.revoked_by as "revokedBy",
      case when k.revoked_at is null and k.old_until > clock_timestamp() then k.old_until end as "oldSecretUntil",
      u.used_at as "lastUsedAt",
      case when k.revoked_at is not null then 'revoked' when k.expires_at <= clock_timestamp() then 'expired'
        else 'active' end as state
    from api_key k left join api_key_use u on u.key_id = k.id
    where ${where} order by k.created_at desc, k.id`.execute(kysely)
  return rows
}
