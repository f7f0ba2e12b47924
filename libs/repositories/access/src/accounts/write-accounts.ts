import { AppError, type Role } from '@runnel/contracts'
import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type Transaction, type UpdateObject } from 'kysely'
import { auditAccess } from '../audit-access.ts'
import { ACCOUNT_COLUMNS, LOCAL_ISSUER, type AccountSecrets, type LocalAccount } from './local-account.ts'

/** An account as it is made. */
export interface NewAccount extends AccountSecrets {
  readonly id: string
  /** In lower case. */
  readonly name: string
  readonly roles: readonly Role[]
}

/** @returns all accounts by name */
export async function listAccounts({ kysely }: Database): Promise<LocalAccount[]> {
  return (await kysely
    .selectFrom('local_account')
    .select(ACCOUNT_COLUMNS)
    .orderBy('name')
    .execute()) as LocalAccount[]
}

/** @throws AppError conflict where the name is taken, or there are `max` accounts already */
export function addAccount(
  { kysely }: Database,
  account: NewAccount,
  actor: string,
  max: number,
): Promise<void> {
  const { id, name, roles, passwordHash, totpSecret } = account
  return kysely.transaction().execute(async (trx) => {
    // One after the other, so that the limit holds.
    await sql`lock table local_account in share row exclusive mode`.execute(trx)
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from local_account`.execute(
      trx,
    )
    if ((rows[0]?.count ?? 0) >= max)
      throw new AppError('conflict', `There are ${max} accounts already: raise ACCOUNTS_MAX`)
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('local_account')
      .values({
        ...{ id, name, roles: [...roles], created_by: actor },
        ...{ password_hash: passwordHash, totp_secret: totpSecret },
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 1n)
      throw new AppError('conflict', `There is an account ${name} already`, { field: 'name' })
    await audit(trx, actor, 'create', { id, name, roles })
  })
}

/**
 * Locks an account until it is unlocked, and ends its sessions.
 *
 * @throws AppError not_found
 */
export function lockAccount(database: Database, name: string, actor: string): Promise<void> {
  return change(database, { name, actor, action: 'lock' }, { disabled_at: sql<Date>`clock_timestamp()` })
}

/** Gives an account other secrets, ends its sessions, and unlocks it. @throws AppError not_found */
export function resetAccount(
  database: Database,
  name: string,
  { passwordHash, totpSecret }: AccountSecrets,
  actor: string,
): Promise<void> {
  const unlocked = { failures: 0, failed_at: null, locked_until: null, disabled_at: null, totp_step: 0 }
  const secrets = { password_hash: passwordHash, totp_secret: totpSecret }
  return change(database, { name, actor, action: 'reset' }, { ...unlocked, ...secrets })
}

type Changes = UpdateObject<Schema, 'local_account'>

interface Change {
  readonly name: string
  readonly actor: string
  readonly action: string
}

/** The row is changed before sessions end: one that begins meanwhile waits for it, and is refused. */
function change({ kysely }: Database, { name, actor, action }: Change, changes: Changes): Promise<void> {
  return kysely.transaction().execute(async (trx) => {
    const changed = await trx
      .updateTable('local_account')
      .set(changes)
      .where('name', '=', name)
      .returning('id')
      .executeTakeFirst()
    if (!changed) throw new AppError('not_found', `There is no account ${name}`, { field: 'name' })
    const { id } = changed
    await trx
      .deleteFrom('person_session')
      .where('issuer', '=', LOCAL_ISSUER)
      .where('person_id', '=', id)
      .execute()
    await audit(trx, actor, action, { id, name })
  })
}

function audit(
  trx: Transaction<Schema>,
  actor: string,
  action: string,
  detail: { readonly id: string; readonly [member: string]: unknown },
): Promise<void> {
  return auditAccess(trx, { actor, action, subject: 'account', detail })
}
