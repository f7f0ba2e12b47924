import { sql, type Kysely } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * Notes a day whose partition was just made: of its entries, or of their counts. Entries of a partition that is made here are counted from
 * the first one on; one that was there before may have entries that are not.
 */
export async function beginCountedDay(kysely: Kysely<Schema>, table: string, day: number): Promise<void> {
  if (table !== 'log' && table !== 'log_minute_delta') return
  await sql`
    insert into log_counted_day (received_at, holds) values (${new Date(day)}, ${table === 'log'})
    on conflict do nothing`.execute(kysely)
}

/** Before the partitions of a day go, one after the other: until all are gone, entries and counts do not agree. */
export async function suspendCountedDay(kysely: Kysely<Schema>, day: number): Promise<void> {
  await sql`
    update log_counted_day set holds = false where received_at = ${new Date(day)} and holds`.execute(kysely)
}

/** Forgets a day. @param left partitions of the day that could not be removed */
export async function endCountedDay(
  kysely: Kysely<Schema>,
  day: number,
  left: readonly string[],
): Promise<void> {
  if (left.some((name) => name.startsWith('log_'))) return
  await sql`delete from log_counted_day where received_at = ${new Date(day)} and not holds`.execute(kysely)
}
