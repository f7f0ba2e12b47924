import { AppError } from '@runnel/contracts'
import type { Transaction } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import type { AudienceFilter } from './audience-filter.ts'

const NAMING = ['received', 'notReceived'] as const satisfies readonly (keyof AudienceFilter)[]

/**
 * A filter may name other mailings; deleted ones too, for their messages stay.
 *
 * @throws AppError invalid_field where there is no such mailing
 */
export async function requireMailings(
  trx: Transaction<Schema>,
  filter: Pick<AudienceFilter, (typeof NAMING)[number]>,
): Promise<void> {
  for (const name of NAMING) {
    const ids = filter[name] ?? []
    if (ids.length === 0) continue
    const rows = await trx.selectFrom('mailing').select('id').where('id', 'in', ids).execute()
    const known = new Set(rows.map(({ id }) => id))
    const missing = ids.find((id) => !known.has(id))
    if (missing === undefined) continue
    throw new AppError('invalid_field', `There is no mailing ${missing}, whose recipients the filter names`, {
      field: `/filter/${name}`,
      expected: 'ids of mailings that exist',
    })
  }
}
