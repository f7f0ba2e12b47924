import { sql } from 'kysely'

/** What a read found, with the time that a cache judges it by. */
export interface Snapshot<T> {
  readonly value: T
  /**
   * Clock of the database in milliseconds before the snapshot was taken. now() is the start of the transaction and
   * nothing else is: statement_timestamp() is set anew when a prepared statement executes, after its snapshot.
   */
  readonly asOfMs: number
}

/** The time of a {@link Snapshot}, to be selected by the one statement that reads it. */
export const AS_OF = sql`floor(extract(epoch from now()) * 1000)::float8`
