import { AppError } from '@runnel/contracts'
import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import { auditKey, changeKeys, type OnChanged } from './change-keys.ts'
import type { NewKey } from './new-key.ts'
import { findKey, type StoredKey } from './stored-key.ts'

/** Days after which a key that ended makes room for others. */
const ENDED_DAYS = 90

/**
 * Stores a key.
 *
 * @param onChanged called once PostgreSQL has it
 * @param maxKeys how many there may be, those that ended less than 90 days ago included
 * @throws AppError `conflict`
 */
export function addKey(
  database: Database,
  key: NewKey,
  actor: string,
  maxKeys: number,
  onChanged?: OnChanged,
): Promise<StoredKey> {
  const add = async (trx: Transaction<Schema>, version: number) => {
    await sql`
      delete from api_key where least(revoked_at, expires_at) < clock_timestamp() - make_interval(days => ${ENDED_DAYS})`.execute(
      trx,
    )
    const { rows } = await sql<{ keys: number }>`select count(*)::int as keys from api_key`.execute(trx)
    if ((rows[0]?.keys ?? 0) >= maxKeys)
      throw new AppError('conflict', `There are ${maxKeys} keys already: use fewer, or raise KEYS_MAX`)
    await insertKey(trx, key, actor, version)
    return requireKey(trx, key.id)
  }
  return changeKeys(database, add, onChanged)
}

/**
 * Makes the first key, once in the life of a database, whichever of several replicas comes first.
 *
 * @returns whether it was this one
 */
export async function addFirstKey({ kysely }: Database, key: NewKey, actor: string): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select bootstrapped_at is not null as done from access_state where name = 'keys'`.execute(kysely)
  if (rows[0]?.done !== false) return false
  return kysely.transaction().execute(async (trx) => {
    const taken = await sql<{ version: number }>`
      update access_state set version = version + 1, bootstrapped_at = clock_timestamp()
      where name = 'keys' and bootstrapped_at is null returning version`.execute(trx)
    const version = taken.rows[0]?.version
    if (version === undefined) return false
    await insertKey(trx, key, actor, version)
    return true
  })
}

/** What {@link rotateKey} is to do. */
interface Rotation {
  readonly id: string
  /** Of the new secret. */
  readonly sha256: Buffer
  /** How long the old secret stays valid besides. */
  readonly overlapMs: number
  /** Throws where the caller may not rotate this key. */
  readonly check?: (key: StoredKey) => void
}

/**
 * Gives a key another secret.
 *
 * @throws AppError `not_found`, or `conflict` where it has ended or two secrets are valid already
 */
export function rotateKey(
  database: Database,
  { id, sha256, overlapMs, check }: Rotation,
  actor: string,
  onChanged?: OnChanged,
): Promise<StoredKey> {
  const rotate = async (trx: Transaction<Schema>, version: number) => {
    const key = await requireKey(trx, id)
    check?.(key)
    if (key.state !== 'active')
      throw new AppError('conflict', `The key ${id} is ${key.state}: make another one`)
    if (key.oldSecretUntil !== null && overlapMs > 0)
      throw new AppError(
        'conflict',
        `The key ${id} is being rotated: its old secret is valid until ${key.oldSecretUntil.toISOString()}. ` +
          'Rotate after that, or with an overlap of 0, which ends both',
      )
    await sql`
      update api_key set sha256 = ${sha256}, rotated_at = clock_timestamp(), changed_in = ${version},
        old_sha256 = case when ${overlapMs}::float8 > 0 then sha256 end,
        old_until = case when ${overlapMs}::float8 > 0
          then clock_timestamp() + make_interval(secs => ${overlapMs}::float8 / 1000) end
      where id = ${id}`.execute(trx)
    await auditKey(trx, { actor, action: 'rotate', detail: { id, name: key.name, overlapMs } })
    return requireKey(trx, id)
  }
  return changeKeys(database, rotate, onChanged)
}

/**
 * Ends a key for good; one that was revoked before stays as it is.
 *
 * @throws AppError `not_found`
 */
export function revokeKey(
  database: Database,
  id: string,
  actor: string,
  onChanged?: OnChanged,
): Promise<StoredKey> {
  const revoke = async (trx: Transaction<Schema>, version: number) => {
    const key = await requireKey(trx, id)
    if (key.state === 'revoked') return key
    await sql`
      update api_key set revoked_at = clock_timestamp(), revoked_by = ${actor}, changed_in = ${version}
      where id = ${id}`.execute(trx)
    await auditKey(trx, { actor, action: 'revoke', detail: { id, name: key.name } })
    return requireKey(trx, id)
  }
  return changeKeys(database, revoke, onChanged)
}

async function requireKey(trx: Transaction<Schema>, id: string): Promise<StoredKey> {
  const key = await findKey(trx, id)
  if (!key) throw new AppError('not_found', `There is no key ${id}`, { field: 'id' })
  return key
}

async function insertKey(
  trx: Transaction<Schema>,
  { quotas, expiresAt, ...key }: NewKey,
  actor: string,
  version: number,
): Promise<void> {
  const { id, sha256, name, kind, scopes, networks, namespace } = key
  await sql`
    insert into api_key (id, sha256, name, kind, scopes, networks, namespace, quotas, expires_at, created_by, changed_in)
    values (${id}, ${sha256}, ${name}, ${kind}, ${[...scopes]}, ${[...networks]}, ${namespace},
      ${JSON.stringify(quotas)}::jsonb, ${expiresAt}, ${actor}, ${version})`.execute(trx)
  const detail = { id, name, kind, scopes, networks, namespace, quotas, expiresAt }
  await auditKey(trx, { actor, action: 'create', detail })
}
