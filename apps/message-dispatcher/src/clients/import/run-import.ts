import { AppError, MAX_ATTRIBUTES_BYTES } from '@runnel/contracts'
import { type Database, toDatabaseError } from '@runnel/repositories-database'
import {
  finishImport,
  type ImportBatch,
  type ImportCounts,
  type ImportError,
  type ImportFailure,
  type KeptLines,
  storeImportBatch,
} from '@runnel/repositories-mailings'
import { inSlices } from '@runnel/runtime'
import type { OpenedFile } from './open-file.ts'
import type { ReadColumn } from './csv-columns.ts'
import { createRowBatch, type RowBatch } from './row-batch.ts'
import type { ParsedRow, RowParser } from './row-parsers.ts'

export interface ImportOptions {
  readonly id: number
  readonly database: Database
  readonly parser: RowParser
  /** Rows that are stored in one transaction. */
  readonly batchRows: number
  readonly kept: KeptLines
  /** Time zone of new clients whose row has none. */
  readonly defaultTimeZone: string | undefined
}

/** What an import has done so far. */
export interface ImportReport extends ImportCounts {
  readonly id: number
  readonly status: 'completed' | 'aborted'
  readonly rows: number
  /** As what the file was read; null where it is of ASCII alone. */
  readonly charset: string | null
  /** As what its columns were read; left out of NDJSON. */
  readonly columns?: ReadColumn[]
  /** The first errors. */
  readonly errors: ImportError[]
}

/** An import that was aborted. */
export interface FailedImport {
  readonly report: ImportReport
  readonly error: AppError
}

const REPORTED_ERRORS = 100

/** Rows of a slow sender are stored after this time at the latest, which also shows that the import is alive. */
const LINGER_MS = 1000

/**
 * Stores the rows of a file as they arrive: a batch is written while the next one is parsed, and the one after that is not
 * read before it is written. Stored rows stay, however the import ends.
 */
export async function runImport(
  file: Pick<OpenedFile, 'text' | 'charset'>,
  options: ImportOptions,
): Promise<ImportReport | FailedImport> {
  const writer = createWriter(file, options)
  const { id, database } = options
  try {
    await readRows(file.text, options, writer)
    await finishImport(database, id)
    return writer.report('completed')
  } catch (cause) {
    const error = toDatabaseError(cause)
    await writer.settle()
    // Where the database failed, the import counts as aborted once it has been idle for long enough.
    await finishImport(database, id, failureOf(error)).catch(() => undefined)
    return { error, report: writer.report('aborted') }
  }
}

function failureOf({ code, message, details }: AppError): ImportFailure {
  const { expected } = details
  const sentence = /[.?]$/.test(message) ? message : `${message}.`
  return { reason: code, message: expected === undefined ? sentence : `${sentence} Expected: ${expected}.` }
}

async function readRows(text: AsyncIterable<string>, options: ImportOptions, writer: Writer): Promise<void> {
  const { parser, batchRows } = options
  let batch = createRowBatch()
  let writtenMs = performance.now()
  const write = async () => {
    const full = batch
    batch = createRowBatch()
    await writer.write(full)
    writtenMs = performance.now()
  }
  /** @returns whether the batch is full, and rows may be left */
  function* fill(rows: Iterator<ParsedRow>): Generator<void, boolean> {
    for (let next = rows.next(); !next.done; next = rows.next()) {
      batch.add(next.value)
      if (batch.size >= batchRows) return true
      yield
    }
    return false
  }
  const take = async (rows: Iterable<ParsedRow>) => {
    const iterator = rows[Symbol.iterator]()
    while (await inSlices(fill(iterator))) await write()
  }
  for await (const piece of text) {
    await take(parser.push(piece))
    if (performance.now() - writtenMs > LINGER_MS) await write()
  }
  await take(parser.end())
  await write()
  await writer.flush()
}

interface Writer {
  /** Resolves once the batch before this one is stored. @throws what storing that one threw */
  write(batch: RowBatch): Promise<void>
  flush(): Promise<void>
  /** Like flush, and never rejects. */
  settle(): Promise<void>
  report(status: ImportReport['status']): ImportReport
}

function createWriter(
  file: Pick<OpenedFile, 'charset'>,
  { id, database, parser, kept, defaultTimeZone }: ImportOptions,
): Writer {
  const counts = { created: 0, updated: 0, unchanged: 0, rejected: 0 }
  const errors: ImportError[] = []
  let keptBytes = 0
  let writing: Promise<void> = Promise.resolve()
  const store = async (batch: RowBatch) => {
    const stored = await storeImportBatch(database, id, {
      clients: [...batch.clients.values()],
      describe: describeRefusal,
      superseded: batch.superseded,
      errors: batch.errors,
      errorsBefore: counts.rejected,
      keptBytesBefore: keptBytes,
      kept,
      layout: parser.layout,
      defaultTimeZone,
    })
    for (const name of ['created', 'updated', 'unchanged', 'rejected'] as const) counts[name] += stored[name]
    keptBytes += stored.keptBytes
    errors.push(...stored.errors.slice(0, REPORTED_ERRORS - errors.length))
  }
  return {
    async write(batch) {
      await writing
      writing = store(batch)
      // The next call rejects with its error; until then it must not count as unhandled.
      writing.catch(() => undefined)
    },
    flush: () => writing,
    settle: () => writing.catch(() => undefined),
    report: (status) => ({
      id,
      status,
      rows: counts.created + counts.updated + counts.unchanged + counts.rejected,
      ...counts,
      charset: file.charset ?? null,
      ...(parser.layout && { columns: [...parser.layout.columns] }),
      errors,
    }),
  }
}

const describeRefusal: ImportBatch['describe'] = ({ line, text: content }, outcome) =>
  outcome === 'no_time_zone'
    ? { line, content, field: 'timeZone', code: 'missing_field', message: 'A new client needs a time zone' }
    : {
        line,
        content,
        field: 'attributes',
        code: 'invalid_field',
        message: `The attributes are too large after this change; expected: at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON`,
      }
