import { requireScannable, type Database, type Schema } from '@runnel/repositories-database'
import { sql, type RawBuilder, type Transaction } from 'kysely'
import { suppressPhones } from '../suppression/suppress-phones.ts'
import { writeAudit } from '../write-audit.ts'
import { clientConditions, type ClientFilter } from './client-filter.ts'

/** What becomes of many clients. */
export interface ClientChange {
  readonly tag?: string | undefined
  /** They get no messages any more. */
  readonly optOut?: { readonly reason?: string | undefined } | undefined
}

/** How many clients a change is about. */
export interface CountedChange {
  readonly count: number
  /** Of them, those that are not so yet. */
  readonly toChange: number
  /** Of all clients. */
  readonly newestId: number
}

/**
 * Counts what a change would be about. Reads every client: the caller bounds how many such reads run at once.
 *
 * @param throughId clients with greater ids are left out
 * @throws AppError query_too_slow where no statement timeout would end it
 */
export async function countClientChange(
  database: Database,
  filter: ClientFilter,
  change: ClientChange,
  throughId: number = Number.MAX_SAFE_INTEGER,
): Promise<CountedChange> {
  await requireScannable(database, 'client', sql<boolean>`true`)
  const { rows } = await sql<CountedChange>`
    select count(*) as count, count(*) filter (where ${isDifferent(change)}) as "toChange",
      coalesce((select max(id) from client), 0) as "newestId"
    from client where id <= ${throughId} and ${clientConditions(filter)}`.execute(database.kysely)
  return rows[0]!
}

export interface ChangeBlockOptions {
  readonly filter: ClientFilter
  readonly change: ClientChange
  readonly actor: string
  /** Clients with greater ids. */
  readonly afterId: number
  /** The last that may be changed. */
  readonly throughId: number
  /** What the audit says beside the number of clients. */
  readonly detail: object
  /** Entry of the audit log that counts this act; the first block that changes something writes one. */
  readonly auditId?: number | undefined
}

export interface ChangedBlock {
  readonly changed: number
  /** Where the next block starts; undefined behind the last client. */
  readonly throughId: number | undefined
  readonly auditId: number | undefined
}

/** Clients that one transaction looks at. */
const BLOCK_CLIENTS = 2000

/**
 * Changes those of one block of clients that match and are not so yet, so that the same once more changes nothing. A million clients take
 * many of these: senders and imports never wait for long.
 */
export function changeClientBlock(database: Database, options: ChangeBlockOptions): Promise<ChangedBlock> {
  const { filter, change, afterId } = options
  return database.kysely.transaction().execute(async (trx) => {
    const last = await findBlockEnd(trx, options)
    if (last === undefined) return { changed: 0, throughId: undefined, auditId: options.auditId }
    // In the order of their phones, as everything that locks several clients does.
    const { rows } = await sql<{ id: number; phone: number; optedOut: boolean }>`
      select id, phone, opted_out_at is not null as "optedOut" from client
      where id > ${afterId} and id <= ${last} and ${clientConditions(filter)} and ${isDifferent(change)}
      order by phone for update`.execute(trx)
    if (change.tag !== undefined) await setTag(trx, rows, change.tag)
    if (change.optOut) {
      const { reason } = change.optOut
      const phones = rows.flatMap(({ phone, optedOut }) => (optedOut ? [] : { phone, reason }))
      await suppressPhones(trx, phones, { source: 'client', actor: options.actor })
    }
    const changed = rows.length
    return { changed, throughId: last, auditId: await countInAudit(trx, options, changed) }
  })
}

async function findBlockEnd(
  trx: Transaction<Schema>,
  { afterId, throughId }: ChangeBlockOptions,
): Promise<number | undefined> {
  const { rows } = await sql<{ last: number | null }>`
    select max(id) as last from (
      select id from client where id > ${afterId} and id <= ${throughId} order by id limit ${BLOCK_CLIENTS}
    ) block`.execute(trx)
  return rows[0]?.last ?? undefined
}

async function setTag(
  trx: Transaction<Schema>,
  clients: readonly { readonly id: number }[],
  tag: string,
): Promise<void> {
  await sql`
    update client set tag = ${tag}, updated_at = clock_timestamp()
    where id = any(${clients.map(({ id }) => id)}::bigint[]) and tag <> ${tag}`.execute(trx)
}

/** Whether a client is not as the change makes it. */
function isDifferent({ tag, optOut }: ClientChange): RawBuilder<boolean> {
  const differences = [sql<boolean>`false`]
  if (tag !== undefined) differences.push(sql`tag <> ${tag}`)
  if (optOut) differences.push(sql`opted_out_at is null`)
  return sql<boolean>`(${sql.join(differences, sql` or `)})`
}

/** One act of a person is one entry for each request, however many blocks it takes. */
async function countInAudit(
  trx: Transaction<Schema>,
  { actor, detail, auditId }: ChangeBlockOptions,
  changed: number,
): Promise<number | undefined> {
  if (changed === 0) return auditId
  if (auditId === undefined) {
    const entry = { ...detail, changed }
    return writeAudit(trx, {
      actor,
      action: 'change_many',
      subject: 'client',
      subjectId: null,
      detail: entry,
    })
  }
  await sql`
    update audit_log set detail = detail || jsonb_build_object('changed', (detail->>'changed')::bigint + ${changed}::bigint)
    where id = ${auditId}`.execute(trx)
  return auditId
}
