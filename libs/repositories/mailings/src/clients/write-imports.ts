import { sql, type Transaction } from 'kysely'
import { isRolledBack } from '@runnel/repositories-database'
import type { Database } from '@runnel/repositories-database'
import type { Schema } from '@runnel/repositories-database'
import { suppressPhones } from '../suppression/suppress-phones.ts'
import { writeAudit } from '../write-audit.ts'
import { type ClientUpsert, upsertClients, type UpsertOutcome } from './upsert-clients.ts'

/** What is wrong with a line. */
export interface ImportError {
  readonly line: number
  readonly field: string | null
  readonly code: string
  readonly message: string
  /** The text of the line, where it is known. */
  readonly content?: string | undefined
}

export interface ImportCounts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
}

/** Imports that are remembered. */
const MAX_IMPORTS = 1000

/** What is kept of the refused lines of an import; all are counted. */
export interface KeptLines {
  /** Lines with their errors. */
  readonly lines: number
  /** Their texts together; further ones are kept without. */
  readonly bytes: number
  /** From the start of their import on. */
  readonly days: number
}

interface NewImport {
  readonly format: string
  /** Of the file, as its sender calls it. */
  readonly name?: string | undefined
  readonly actor: string
  readonly keptDays: number
}

/** Begins an import, and forgets those that ended long ago. @returns its id */
export function startImport(
  { kysely }: Database,
  { format, name, actor, keptDays }: NewImport,
): Promise<number> {
  return kysely.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('client_import')
      .values({ format, actor, file_name: storable(name) })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx
      .deleteFrom('client_import')
      .where('id', '<=', id - MAX_IMPORTS)
      .execute()
    // They may hold what people asked to be forgotten.
    await sql`delete from client_import_error e using client_import i
      where i.id = e.import_id and i.started_at < clock_timestamp() - make_interval(days => ${keptDays}::int)`.execute(
      trx,
    )
    await writeAudit(trx, { actor, action: 'import', subject: 'import', subjectId: id, detail: { format } })
    return id
  })
}

/** A client with the line that it comes from. */
type ImportedClient = ClientUpsert & { readonly line: number; readonly text?: string | undefined }

export interface ImportBatch {
  /** Each phone once. */
  readonly clients: readonly ImportedClient[]
  /** Of clients that the database refuses. */
  readonly describe: (client: ImportedClient, outcome: UpsertOutcome) => ImportError
  /** Lines that came before a later one with the same phone. */
  readonly superseded: number
  /** Lines that were refused before. */
  readonly errors: readonly ImportError[]
  /** Errors of the import so far. */
  readonly errorsBefore: number
  /** Of texts of refused lines, what is kept so far. */
  readonly keptBytesBefore: number
  readonly kept: Pick<KeptLines, 'lines' | 'bytes'>
  /** Of CSV, how its lines are written. */
  readonly layout?: { readonly header: string; readonly separator: string } | undefined
  readonly defaultTimeZone: string | undefined
}

export interface StoredBatch extends ImportCounts {
  readonly errors: readonly ImportError[]
  /** Of texts of refused lines. */
  readonly keptBytes: number
}

/** A batch that was rolled back because of others is tried so often. */
const MAX_TRIES = 5

/** Writes a batch of an import with its errors and its progress, all or nothing. */
export async function storeImportBatch(
  { kysely }: Database,
  importId: number,
  batch: ImportBatch,
): Promise<StoredBatch> {
  for (let tries = 1; ; tries++) {
    try {
      return await kysely.transaction().execute((trx) => storeBatch(trx, importId, batch))
    } catch (error) {
      if (!isRolledBack(error) || tries === MAX_TRIES) throw error
    }
  }
}

async function storeBatch(
  trx: Transaction<Schema>,
  importId: number,
  batch: ImportBatch,
): Promise<StoredBatch> {
  const outcomes = await upsertClients(trx, batch.clients, batch.defaultTimeZone)
  await suppressOptedOut(trx, importId, batch.clients)
  const refused = batch.clients.flatMap((client) => {
    const outcome = outcomes.get(client.phone)!
    return isRefusal(outcome) ? [batch.describe(client, outcome)] : []
  })
  const errors = [...batch.errors, ...refused].sort((a, b) => a.line - b.line)
  const keptBytes = await keepErrors(trx, importId, errors, batch)
  const counts = count(outcomes.values(), batch.superseded, errors.length)
  await sql`
    update client_import set heartbeat_at = clock_timestamp(),
      rows = rows + ${counts.created + counts.updated + counts.unchanged + counts.rejected}::int,
      created = created + ${counts.created}::int, updated = updated + ${counts.updated}::int,
      unchanged = unchanged + ${counts.unchanged}::int, rejected = rejected + ${counts.rejected}::int,
      header = ${storable(batch.layout?.header)}::text, separator = ${storable(batch.layout?.separator)}::text
    where id = ${importId}`.execute(trx)
  return { ...counts, errors, keptBytes }
}

/** Also of clients whose line was refused for something else: what they asked for is known. */
async function suppressOptedOut(
  trx: Transaction<Schema>,
  importId: number,
  clients: ImportBatch['clients'],
): Promise<void> {
  const phones = clients.filter(({ optedOut }) => optedOut).map(({ phone }) => ({ phone }))
  if (phones.length === 0) return
  const { actor } = await trx
    .selectFrom('client_import')
    .select('actor')
    .where('id', '=', importId)
    .executeTakeFirstOrThrow()
  await suppressPhones(trx, phones, { source: 'client_import', actor })
}

/** @returns bytes of the texts that were kept */
async function keepErrors(
  trx: Transaction<Schema>,
  importId: number,
  errors: readonly ImportError[],
  { errorsBefore, keptBytesBefore, kept: limits }: ImportBatch,
): Promise<number> {
  const kept = errors.slice(0, Math.max(0, limits.lines - errorsBefore))
  if (kept.length === 0) return 0
  let bytes = 0
  const records = kept.map(({ line, field, code, message, content }, i) => {
    const size = Buffer.byteLength(content ?? '')
    const isKept = keptBytesBefore + bytes + size <= limits.bytes
    if (isKept) bytes += size
    return {
      ...{ import_id: importId, number: errorsBefore + i + 1, line, field, code, message },
      content: isKept ? storable(content) : null,
    }
  })
  const columns = sql.raw('import_id, number, line, field, code, message, content')
  await sql`insert into client_import_error (${columns}) select ${columns}
    from json_to_recordset(${JSON.stringify(records)}::json)
      as r(import_id bigint, number integer, line bigint, field text, code text, message text, content text)`.execute(
    trx,
  )
  return bytes
}

/** PostgreSQL stores no NUL, and no halves of characters. */
function storable(text: string | undefined): string | null {
  return text === undefined ? null : text.replaceAll('\0', '\ufffd').toWellFormed()
}

/** Why an import was aborted. */
export interface ImportFailure {
  /** A short code. */
  readonly reason: string
  /** In words, for people. */
  readonly message: string
}

/** Ends an import. @param failure why it was aborted; without, it is completed */
export async function finishImport(
  { kysely }: Database,
  importId: number,
  failure?: ImportFailure,
): Promise<void> {
  await kysely
    .updateTable('client_import')
    .set({
      status: failure === undefined ? 'completed' : 'aborted',
      reason: failure?.reason ?? null,
      message: storable(failure?.message),
      finished_at: sql<Date>`clock_timestamp()`,
    })
    .where('id', '=', importId)
    .execute()
}

function isRefusal(outcome: UpsertOutcome): boolean {
  return outcome === 'no_time_zone' || outcome === 'attributes_too_large'
}

function count(outcomes: Iterable<UpsertOutcome>, superseded: number, rejected: number): ImportCounts {
  let [created, updated, unchanged] = [0, superseded, 0]
  for (const outcome of outcomes) {
    if (outcome === 'created') created++
    if (outcome === 'updated') updated++
    if (outcome === 'unchanged') unchanged++
  }
  return { created, updated, unchanged, rejected }
}
