import type { Kind } from '@runnel/contracts'
import { sql, type Kysely } from 'kysely'
import { beginCountedDay, endCountedDay, suspendCountedDay } from './counted-day.ts'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { dayOf } from './time/plan-removal.ts'
import { DAY_MS } from './time/time-state.ts'

/** Where the events of each kind are stored, by day of `received_at`. */
export const EVENT_TABLES = {
  metrics: 'metric',
  logs: 'log',
  products: 'product_event',
  traces: 'span',
} as const satisfies Record<Kind, keyof Schema>

/**
 * Partitioned by day as well: what was sent, and what is counted of spans and logs. A day goes in this order: what is still to be folded
 * before what it is folded into.
 */
const OTHER_TABLES = ['attempt', 'operation_minute', 'edge_minute', 'log_minute_delta', 'log_minute'] as const

type PartitionedTable = (typeof EVENT_TABLES)[Kind] | (typeof OTHER_TABLES)[number]

const PARTITIONED: readonly PartitionedTable[] = [...Object.values(EVENT_TABLES), ...OTHER_TABLES]

/** Any constant; all processes that touch partitions take turns under it. */
const PARTITION_LOCK = 0x52_4e_4c

/**
 * How long DDL may wait for a lock. ATTACH and DETACH queue behind open reads, and every insert would queue behind
 * them.
 */
const LOCK_TIMEOUT_MS = 2000

export interface PartitionWindow {
  /** Days before today that are kept. */
  readonly retentionDays: number
  /** Days after today that exist in advance. */
  readonly aheadDays: number
}

function partitionName(table: PartitionedTable, dayMs: number): string {
  return `${table}_p${new Date(dayMs).toISOString().slice(0, 10).replaceAll('-', '')}`
}

/**
 * Creates the partitions of the given days where they are missing. A partition is made apart and then attached: CREATE
 * .. PARTITION OF would block every insert behind one open read.
 *
 * @param timesMs any times inside the wanted days, milliseconds since 1970
 * @param tables those that the process writes to; default: all
 */
export async function ensurePartitions(
  { kysely }: Database,
  timesMs: readonly number[],
  tables: readonly PartitionedTable[] = PARTITIONED,
): Promise<void> {
  const days = [...new Set(timesMs.map(dayOf))]
  const existing = await existingPartitions(kysely)
  const missing = tables.flatMap((table) =>
    days.filter((day) => !existing.has(partitionName(table, day))).map((day) => ({ table, day })),
  )
  for (const { table, day } of missing) await attachPartition(kysely, table, day)
}

/** One partition in one transaction; a second process finds it and does nothing. */
async function attachPartition(kysely: Kysely<Schema>, table: PartitionedTable, day: number): Promise<void> {
  const name = partitionName(table, day)
  const from = sql.lit(new Date(day).toISOString())
  const to = sql.lit(new Date(day + DAY_MS).toISOString())
  await kysely.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${PARTITION_LOCK})`.execute(trx)
    if ((await existingPartitions(trx)).has(name)) return
    await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(trx)
    await sql`create table ${sql.id(name)} (like ${sql.id(table)} including all)`.execute(trx)
    await giveToOwnerOf(trx, table, name)
    await sql`alter table ${sql.id(table)} attach partition ${sql.id(name)}
      for values from (${from}) to (${to})`.execute(trx)
    await beginCountedDay(trx, table, day)
  })
}

/** It may be removed by another app than the one that made it, under a role of its own: both act for the owner of the table. */
async function giveToOwnerOf(trx: Kysely<Schema>, table: PartitionedTable, name: string): Promise<void> {
  const { rows } = await sql<{ owner: string; isOwn: boolean }>`
    select pg_get_userbyid(relowner) as owner, pg_get_userbyid(relowner) = current_user as "isOwn"
    from pg_class where oid = ${table}::regclass`.execute(trx)
  const [{ owner, isOwn } = { owner: '', isOwn: true }] = rows
  if (!isOwn) await sql`alter table ${sql.id(name)} owner to ${sql.id(owner)}`.execute(trx)
}

async function existingPartitions(kysely: Kysely<Schema>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = any(${sql.val([...PARTITIONED])}::text[]::regclass[])`.execute(kysely)
  return new Set(rows.map((row) => row.name))
}

/** @returns midnights (UTC) of the days that have a partition of any table, attached or not, in order */
export async function partitionDays({ kysely }: Database): Promise<number[]> {
  const names = await partitionTables(kysely)
  const days = names.map((name) => {
    const [year, month, day] = [name.slice(-8, -4), name.slice(-4, -2), name.slice(-2)]
    return Date.parse(`${year}-${month}-${day}T00:00:00Z`)
  })
  return [...new Set(days)].sort((a, b) => a - b)
}

/**
 * Removes a day of all tables. A removal that meets an open read gives up after {@link LOCK_TIMEOUT_MS}; one that another
 * process is at is left to that.
 *
 * @param day its midnight (UTC), in milliseconds since 1970
 * @returns names of the partitions that were removed
 * @throws what the driver throws, and where it gives up
 */
export async function removeDay(database: Database, day: number): Promise<string[]> {
  const made = new Set(await partitionTables(database.kysely))
  const removed: string[] = []
  const left: string[] = []
  await suspendCountedDay(database.kysely, day)
  for (const table of PARTITIONED) {
    const name = partitionName(table, day)
    if (!made.has(name)) continue
    ;((await removePartition(database, table, name)) ? removed : left).push(name)
  }
  await endCountedDay(database.kysely, day, left)
  return removed
}

/** Attached or not: a process may have died between DETACH and DROP. */
async function partitionTables(kysely: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace
      and relname ~ ${`^(${PARTITIONED.join('|')})_p[0-9]{8}$`}`.execute(kysely)
  return rows.map((row) => row.name)
}

/** DETACH CONCURRENTLY may not run inside a transaction, so that the lock is one of the session. */
async function removePartition(
  { sessions }: Database,
  table: PartitionedTable,
  name: string,
): Promise<boolean> {
  return sessions.connection().execute(async (connection) => {
    const { rows } = await sql<{ locked: boolean }>`
      select pg_try_advisory_lock(${PARTITION_LOCK}) as locked`.execute(connection)
    if (!rows[0]?.locked) return false
    try {
      await sql`set lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(connection)
      await detach(connection, table, name)
      await sql`drop table if exists ${sql.id(name)}`.execute(connection)
      return true
    } finally {
      await sql`reset lock_timeout`.execute(connection)
      await sql`select pg_advisory_unlock(${PARTITION_LOCK})`.execute(connection)
    }
  })
}

/** A detach that was cut off halfway is left pending, and can only be finalized. */
async function detach(connection: Kysely<Schema>, table: PartitionedTable, name: string): Promise<void> {
  const { rows } = await sql<{ pending: boolean }>`
    select inhdetachpending as pending from pg_inherits
    where inhrelid = to_regclass(${name})`.execute(connection)
  if (rows.length === 0) return
  const mode = rows[0]?.pending ? sql`finalize` : sql`concurrently`
  await sql`alter table ${sql.id(table)} detach partition ${sql.id(name)} ${mode}`.execute(connection)
}
