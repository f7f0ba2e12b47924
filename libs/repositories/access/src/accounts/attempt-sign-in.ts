import type { Role } from '@runnel/contracts'
import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type Kysely } from 'kysely'
import { auditAccess } from '../audit-access.ts'
import type { AccountSecrets } from './local-account.ts'

/** When an account is locked, and for how long. */
export interface LockLimits {
  /** Failures in a row. */
  readonly failures: number
  readonly lockMs: number
}

/** An attempt that is being judged. */
export interface SignInAttempt extends AccountSecrets {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  /** By failures or by a person: nothing that is given is right. */
  readonly isLocked: boolean
  /** With this attempt. */
  readonly failures: number
}

/**
 * Begins an attempt, which counts as a failure until {@link acceptAttempt}: however many are made at a time, no more than the limit
 * is judged. While an account is locked, attempts do not make it longer.
 *
 * @returns undefined where there is no such account
 */
export async function beginAttempt(
  { kysely }: Database,
  name: string,
  { failures, lockMs }: LockLimits,
): Promise<SignInAttempt | undefined> {
  const lock = sql`${lockMs} * interval '1 ms'`
  const { rows } = await sql<SignInAttempt>`
    with before as (
      select id, t, coalesce(locked_until > t, false) as locked,
        case
          when locked_until > t then failures
          when locked_until is not null or failed_at < t - ${lock} then 1
          else failures + 1
        end as counted
      from local_account, (select clock_timestamp() as t) as now
      where name = ${name}
      for update of local_account
    )
    update local_account as account set
      failures = counted,
      failed_at = case when locked then failed_at else t end,
      locked_until = case when locked then locked_until when counted >= ${failures} then t + ${lock} end
    from before where account.id = before.id
    returning account.id, name, password_hash as "passwordHash", totp_secret as "totpSecret", roles, failures,
      locked or disabled_at is not null as "isLocked"`.execute(kysely)
  return rows[0]
}

/**
 * Accepts an attempt whose password and code were right. To be called in the transaction in which the session begins.
 *
 * @param step of time of the code; each counts once, and none that lies before it any more
 * @returns whether it still stands: no code of this step was taken, nothing was changed meanwhile
 */
export async function acceptAttempt(
  trx: Kysely<Schema>,
  { id, passwordHash, totpSecret }: SignInAttempt,
  step: number,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('local_account')
    .set({
      ...{ totp_step: step, failures: 0, failed_at: null, locked_until: null },
      signed_in_at: sql<Date>`clock_timestamp()`,
    })
    .where('id', '=', id)
    .where('totp_step', '<', step)
    .where('password_hash', '=', passwordHash)
    .where('totp_secret', '=', totpSecret)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Notes a failure in the audit log. As many as an account may have before it is locked are noted, and none while it is. */
export function noteFailure(
  { kysely }: Database,
  { id, name, failures }: SignInAttempt,
  address: string,
): Promise<void> {
  const detail = { id, name, failures, address }
  return auditAccess(kysely, { actor: name, action: 'sign-in-failed', subject: 'account', detail })
}
