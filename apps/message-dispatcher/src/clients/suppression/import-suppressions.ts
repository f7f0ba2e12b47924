import type { SuppressionImportReport } from '@runnel/contracts/api/suppression'
import { databaseProblem, type Database } from '@runnel/repositories-database'
import {
  importSuppressions,
  startSuppressionImport,
  type NewSuppression,
} from '@runnel/repositories-mailings'
import { AppError } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import type { OpenedFile } from '../import/open-file.ts'
import {
  createCsvRows,
  createNdjsonRows,
  type ParsedRow,
  type ParserOptions,
  type RowKind,
} from '../import/row-parsers.ts'
import { readSuppression } from './read-suppression.ts'

const KIND: RowKind<NewSuppression> = { members: ['phone', 'ignored'], read: readSuppression }

const REPORTED_ERRORS = 100

export interface SuppressionImportOptions {
  readonly database: Database
  readonly actor: string
  readonly parser: ParserOptions
  /** Lines that are stored in one transaction. */
  readonly batchRows: number
}

/**
 * Puts the phones of a file on the suppression list as it arrives. What is stored stays, and sending the file again is safe.
 *
 * @throws AppError with the report so far
 */
export async function importSuppressionList(
  file: OpenedFile,
  { database, actor, parser: options, batchRows }: SuppressionImportOptions,
): Promise<SuppressionImportReport> {
  const parser = (file.format === 'csv' ? createCsvRows : createNdjsonRows)(options, KIND)
  const report: SuppressionImportReport = { rows: 0, added: 0, unchanged: 0, rejected: 0, errors: [] }
  let batch = new Map<number, NewSuppression>()
  let batchSize = 0
  const store = async () => {
    const [phones, size] = [[...batch.values()], batchSize]
    batch = new Map()
    batchSize = 0
    const added = await importSuppressions(database, phones, actor)
    report.added += added
    report.unchanged += size - added
    report.rows += size
  }
  const take = (row: ParsedRow<NewSuppression>) => {
    if ('error' in row) {
      const { line, field, code, message } = row.error
      if (report.rejected++ < REPORTED_ERRORS) report.errors.push({ line, field, code, message })
      report.rows++
    } else {
      const { phone, reason, optedOutAt } = row
      if (!batch.has(phone)) batch.set(phone, { phone, reason, optedOutAt })
      batchSize++
    }
  }
  function* fill(rows: Iterator<ParsedRow<NewSuppression>>): Generator<void, boolean> {
    for (let next = rows.next(); !next.done; next = rows.next()) {
      take(next.value)
      if (batchSize >= batchRows) return true
      yield
    }
    return false
  }
  const takeAll = async (rows: Iterable<ParsedRow<NewSuppression>>) => {
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
    const error = databaseProblem(cause)
    throw new AppError(error.code, error.message, { ...error.details, extra: { import: report } }, error)
  }
}
