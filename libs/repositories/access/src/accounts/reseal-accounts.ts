import type { Database } from '@runnel/repositories-database'
import { auditAccess } from '../audit-access.ts'

/** @returns the secret of an account as it is to be kept; `current` where it is so already; `unknown` where it cannot be opened */
export type Reseal = (
  accountId: string,
  sealed: string,
) => { readonly sealed: string } | 'current' | 'unknown'

/** What became of the accounts, by name. */
export interface ResealedAccounts {
  readonly resealed: readonly string[]
  readonly unknown: readonly string[]
}

/** Seals the secrets of one-time codes again, all or none. People stay signed in, and go on with the codes that they have. */
export function resealAccounts(
  { kysely }: Database,
  actor: string,
  reseal: Reseal,
): Promise<ResealedAccounts> {
  return kysely.transaction().execute(async (trx) => {
    const accounts = await trx
      .selectFrom('local_account')
      .select(['id', 'name', 'totp_secret'])
      .orderBy('name')
      .forUpdate()
      .execute()
    const [resealed, unknown]: [string[], string[]] = [[], []]
    for (const { id, name, totp_secret } of accounts) {
      const next = reseal(id, totp_secret)
      if (next === 'unknown') unknown.push(name)
      if (typeof next === 'string') continue
      await trx.updateTable('local_account').set({ totp_secret: next.sealed }).where('id', '=', id).execute()
      await auditAccess(trx, { actor, action: 'reseal', subject: 'account', detail: { id, name } })
      resealed.push(name)
    }
    return { resealed, unknown }
  })
}
