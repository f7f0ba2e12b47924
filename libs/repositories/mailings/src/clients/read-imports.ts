import { readSizedPage, type Database, type PageLimits, type SizedPage } from '@runnel/repositories-database'
import { sql } from 'kysely'
import type { ImportError } from './write-imports.ts'

export interface StoredImport {
  readonly id: number
  readonly status: 'running' | 'completed' | 'aborted'
  readonly format: string
  /** Of the file, as its sender calls it. */
  readonly name: string | null
  readonly actor: string
  readonly rows: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  /** Why it was aborted: a short code, and in words. */
  readonly reason: string | null
  readonly message: string | null
  /** Of CSV with refused lines, the line that names the columns, and what separates fields. */
  readonly header: string | null
  readonly separator: string | null
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

/** An import that gave no sign of life for so long has died with its process. */
const SILENCE = '2 minutes'

const COLUMNS = sql`
  id, format, file_name as name, actor, header, separator, rows, created, updated, unchanged, rejected, started_at as "startedAt", finished_at as "finishedAt",
  case when died then 'aborted' else status end as status, case when died then 'process_ended' else reason end as reason,
  case when died then 'The process that read it has ended' else message end as message`

const IMPORTS = sql`(
  select *, status = 'running' and heartbeat_at < clock_timestamp() - interval ${sql.lit(SILENCE)} as died
  from client_import) i`

/** A page, the newest first. @param beforeId id of the last one of the page before */
export async function listImports(
  database: Database,
  limits: PageLimits,
  beforeId = Number.MAX_SAFE_INTEGER,
): Promise<SizedPage<StoredImport>> {
  const rows = sql`(
    select ${COLUMNS} from ${IMPORTS} where id < ${beforeId} order by id desc limit ${limits.items + 1})`
  return readSizedPage(database, { rows, order: sql`id desc` }, limits)
}

export async function findImport({ kysely }: Database, id: number): Promise<StoredImport | undefined> {
  const { rows } = await sql<StoredImport>`select ${COLUMNS} from ${IMPORTS} where id = ${id}`.execute(kysely)
  return rows[0]
}

export interface NumberedImportError extends ImportError {
  /** From 1, in the order of lines. */
  readonly number: number
}

/** A page of the errors that are kept of an import. @param afterNumber of the last one of the page before */
export async function listImportErrors(
  database: Database,
  importId: number,
  limits: PageLimits,
  afterNumber = 0,
): Promise<SizedPage<NumberedImportError>> {
  const rows = database.kysely
    .selectFrom('client_import_error')
    .select(['number', 'line', 'field', 'code', 'message'])
    .where('import_id', '=', importId)
    .where('number', '>', afterNumber)
    .orderBy('number')
    .limit(limits.items + 1)
  return readSizedPage(database, { rows, order: sql`number` }, limits)
}

export interface RefusedLine {
  readonly number: number
  readonly line: number
  readonly message: string
  /** Null where it was too long to be kept. */
  readonly content: string | null
}

/** A page of the refused lines that are kept of an import. @param afterNumber of the last one of the page before */
export async function listRefusedLines(
  database: Database,
  importId: number,
  limits: PageLimits,
  afterNumber = 0,
): Promise<SizedPage<RefusedLine>> {
  const rows = database.kysely
    .selectFrom('client_import_error')
    .select(['number', 'line', 'message', 'content'])
    .where('import_id', '=', importId)
    .where('number', '>', afterNumber)
    .orderBy('number')
    .limit(limits.items + 1)
  return readSizedPage(database, { rows, order: sql`number` }, limits)
}
