import type { SuppressionImportReport } from '@runnel/contracts/api/suppression'
import { toDatabaseError, type Database } from '@runnel/repositories-database'
import { startSuppressionImport } from '@runnel/repositories-mailings'
import { AppError, type ChannelName } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import type { OpenedFile } from '../import/open-file.ts'
import { createCsvRows, createNdjsonRows, type ParsedRow, type ParserOptions } from '../import/row-parsers.ts'
import { SUPPRESSION_LISTS, type SuppressionList } from './suppression-lists.ts'

const REPORTED_ERRORS = 100

export interface SuppressionImportOptions {
  readonly database: Database
  readonly actor: string
  /** Whose addresses the file has. */
  readonly channel: ChannelName
  readonly parser: ParserOptions
  /** Lines that are stored in one transaction. */
  readonly batchRows: number
}

/**
 * Puts the phones or addresses of a file on the suppression list as it arrives. What is stored stays, and sending the file again is safe.
 *
 * @throws AppError with the report so far
 */
export function importSuppressionList(
  file: OpenedFile,
  options: SuppressionImportOptions,
): Promise<SuppressionImportReport> {
  return importList<never>(file, SUPPRESSION_LISTS[options.channel], options)
}

async function importList<T>(
  file: OpenedFile,
  list: SuppressionList<T>,
  { database, actor, parser: options, batchRows }: SuppressionImportOptions,
): Promise<SuppressionImportReport> {
  const parser = (file.format === 'csv' ? createCsvRows : createNdjsonRows)(options, list.kind)
  const report: SuppressionImportReport = { rows: 0, added: 0, unchanged: 0, rejected: 0, errors: [] }
  let batch = new Map<string | number, T>()
  let batchSize = 0
  const store = async () => {
    const [entries, size] = [[...batch.values()], batchSize]
    batch = new Map()
    batchSize = 0
    const added = await list.store(database, entries, actor)
    report.added += added
    report.unchanged += size - added
    report.rows += size
  }
  const take = (row: ParsedRow<T>) => {
    if ('error' in row) {
      const { line, field, code, message } = row.error
      if (report.rejected++ < REPORTED_ERRORS) report.errors.push({ line, field, code, message })
      report.rows++
    } else {
      const key = list.keyOf(row)
      if (!batch.has(key)) batch.set(key, list.entryOf(row))
      batchSize++
    }
  }
  function* fill(rows: Iterator<ParsedRow<T>>): Generator<void, boolean> {
    for (let next = rows.next(); !next.done; next = rows.next()) {
      take(next.value)
      if (batchSize >= batchRows) return true
      yield
    }
    return false
  }
  const takeAll = async (rows: Iterable<ParsedRow<T>>) => {
    const iterator = rows[Symbol.iterator]()
    while (await inSlices(fill(iterator))) await store()
  }
  try {
    await startSuppressionImport(database, actor)
    for await (const text of file.text) await takeAll(parser.push(text))
    await takeAll(parser.end())
    await store()
    return report
  } catch (cause) {
    const error = toDatabaseError(cause)
    throw new AppError(error.code, error.message, { ...error.details, extra: { import: report } }, error)
  }
}
