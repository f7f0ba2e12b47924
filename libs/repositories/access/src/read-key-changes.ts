import type { Scope } from '@runnel/contracts'
import type { KeyChange, KeyChanges } from './directory/key-changes.ts'
import { ms, type Schema } from '@runnel/repositories-database'
import { sql, type Kysely } from 'kysely'

/** Rows of one read; there are more to come where as many were found. */
const ROWS = 1000

interface Row {
  readonly id: string
  readonly name: string
  readonly kind: 'live' | 'test'
  readonly scopes: readonly Scope[]
  readonly networks: readonly string[]
  readonly namespace: string
  readonly quotas: KeyChange['quotas']
  readonly sha256: Buffer
  readonly old_sha256: Buffer | null
  readonly old_until_ms: number | null
  readonly expires_ms: number | null
  readonly revoked_ms: number | null
  readonly changed_in: number
}

/**
 * Reads which keys were changed since a version. As cheap as one row while none was: it is asked every two seconds.
 *
 * @param since the version up to which everything is known
 */
export async function readKeyChanges(kysely: Kysely<Schema>, since: number): Promise<KeyChanges> {
  const { rows } = await sql<{ version: number; floor: number; at_ms: number }>`
    select version, floor, ${sql`round(extract(epoch from clock_timestamp()) * 1000)::float8`} as at_ms
    from access_state where name = 'keys'`.execute(kysely)
  const state = rows[0]
  if (!state) throw new Error('the row of access_state is missing')
  const { version, floor, at_ms: atMs } = state
  if (version <= since) return { from: since, to: version, version, floor, atMs, keys: [] }
  const changed = await sql<Row>`
    select id, name, kind, scopes, networks, namespace, quotas, sha256, old_sha256, ${ms('old_until')} as old_until_ms,
      ${ms('expires_at')} as expires_ms, ${ms('revoked_at')} as revoked_ms, changed_in
    from api_key where changed_in > ${since} order by changed_in limit ${ROWS}`.execute(kysely)
  const keys = changed.rows.map(toChange)
  const last = keys.at(-1)?.changedIn ?? 0
  // Versions become visible in their order: what was found may be newer than the state that was read before.
  const newest = Math.max(version, last)
  return { from: since, to: keys.length < ROWS ? newest : last, version: newest, floor, atMs, keys }
}

function toChange(row: Row): KeyChange {
  const old = { sha256: row.old_sha256, validUntilMs: row.old_until_ms }
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    scopes: new Set(row.scopes),
    networks: row.networks,
    namespace: row.namespace,
    quotas: row.quotas,
    hashes: [
      { sha256: row.sha256 },
      ...(old.sha256 && old.validUntilMs !== null
        ? [{ sha256: old.sha256, validUntilMs: old.validUntilMs }]
        : []),
    ],
    ...(row.expires_ms !== null && { expiresAtMs: row.expires_ms }),
    ...(row.revoked_ms !== null && { revokedAtMs: row.revoked_ms }),
    changedIn: row.changed_in,
  }
}
