import { sql, type RawBuilder } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { readKeptFromMs } from './time/read-kept-from-ms.ts'

/** Rows removed in one statement, so that it stays short. */
const BLOCK = 500

/** What is kept of a table. */
export interface Retention {
  readonly days: number
  /** On disk, about: what a column holds after compression, without indexes. */
  readonly bytes: number
}

interface PurgedTable {
  /** With an id that rises. */
  readonly name: 'dead_letter' | 'audit_log' | 'sent_text' | 'notification' | 'alert'
  /** What days are counted from. */
  readonly time: RawBuilder<Date>
  /** Of a row. */
  readonly size: RawBuilder<number>
}

export interface Purged {
  /** Rows that were older than the days that are kept. */
  readonly aged: number
  /** The oldest rows of a table that was larger than it may be. */
  readonly excess: number
}

/**
 * Removes what is older than a table keeps, by the clock of the database as far as that is to be believed, then its oldest
 * rows until the others fit. Several processes may do it at once: what another one holds is skipped.
 */
export async function purgeOldest(
  database: Database,
  table: PurgedTable,
  retention: Retention,
  signal: AbortSignal,
): Promise<Purged> {
  const aged = await purgeAged(database, table, retention.days, signal)
  const lastId = await findLastExcess(database, table, retention.bytes)
  const excess =
    lastId === undefined ? 0 : await purgeWhere(database, table.name, sql<boolean>`id <= ${lastId}`, signal)
  return { aged, excess }
}

async function purgeAged(
  database: Database,
  { name, time }: PurgedTable,
  days: number,
  signal: AbortSignal,
): Promise<number> {
  const keptFromMs = await readKeptFromMs(database, days)
  if (keptFromMs === undefined) return 0
  return purgeWhere(database, name, sql<boolean>`${time} < ${new Date(keptFromMs)}`, signal)
}

async function purgeWhere(
  { kysely }: Database,
  table: keyof Schema,
  where: RawBuilder<boolean>,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0
  while (!signal.aborted) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where id = any(array(
        select id from ${sql.table(table)} where ${where} order by id limit ${BLOCK} for update skip locked
      ))`.execute(kysely)
    removed += Number(numAffectedRows ?? 0)
    if (Number(numAffectedRows ?? 0) < BLOCK) break
  }
  return removed
}

/** @returns the id of the newest row that no longer fits; the size of the files says quickly that all do */
async function findLastExcess(
  { kysely }: Database,
  { name, size }: PurgedTable,
  keepBytes: number,
): Promise<number | undefined> {
  const { rows: files } = await sql<{ bytes: number }>`
    select pg_total_relation_size(${name}::regclass)::float8 as bytes`.execute(kysely)
  if (files[0]!.bytes <= keepBytes) return undefined
  const { rows } = await sql<{ id: number | null }>`
    select max(id)::float8 as id from (
      select id, sum(${size}) over (order by id desc rows unbounded preceding) as bytes from ${sql.table(name)}
    ) sized where bytes > ${keepBytes}`.execute(kysely)
  return rows[0]?.id ?? undefined
}
