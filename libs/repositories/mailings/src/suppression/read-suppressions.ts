import { sql } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { SuppressionSource } from './suppress-phones.ts'

/** A phone that gets no messages. */
export interface StoredSuppression {
  /** E.164 without the plus sign. */
  readonly phone: number
  /** In words of who added it. */
  readonly reason: string
  readonly source: SuppressionSource
  /** Who added it. */
  readonly actor: string
  readonly optedOutAt: Date
  readonly addedAt: Date
  /** Of the client with this phone, if there is one. */
  readonly clientId: number | null
}

const COLUMNS = sql`s.phone, s.reason, s.source, s.actor, s.opted_out_at as "optedOutAt", s.added_at as "addedAt",
  (select c.id from client c where c.phone = s.phone) as "clientId"`

/** A page in the order of phones. @param afterPhone of the last one of the page before */
export async function listSuppressions(
  { kysely }: Database,
  limit: number,
  afterPhone = 0,
): Promise<StoredSuppression[]> {
  const { rows } = await sql<StoredSuppression>`
    select ${COLUMNS} from suppression s where s.phone > ${afterPhone} order by s.phone limit ${limit}`.execute(
    kysely,
  )
  return rows
}

export async function findSuppression(
  { kysely }: Database,
  phone: number,
): Promise<StoredSuppression | undefined> {
  const { rows } = await sql<StoredSuppression>`
    select ${COLUMNS} from suppression s where s.phone = ${phone}`.execute(kysely)
  return rows[0]
}
