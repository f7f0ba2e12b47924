import { AppError, parseTimeZone } from '@runnel/contracts'
import type { Database, RunQuery } from '@runnel/repositories-database'
import { startImport } from '@runnel/repositories-mailings'
import type { Format } from './file-formats.ts'
import { receiveFile, type FileParameters, type FileRequest, type ReceiveOptions } from './receive-file.ts'
import { createCsvParser, createNdjsonParser, type ParserOptions, type RowParser } from './row-parsers.ts'
import { runImport, type ImportReport } from './run-import.ts'

export interface PostImportOptions extends ReceiveOptions {
  readonly database: Database
  readonly runQuery: RunQuery
}

export interface ImportRequest extends FileRequest {
  readonly parameters: FileParameters & {
    /** IANA time zone of new clients whose line has none. */
    readonly timeZone?: string | undefined
    /** What the file is called. */
    readonly name?: string | undefined
  }
  readonly actor: string
}

const PARSERS: Readonly<Record<Format, (options: ParserOptions) => RowParser>> = {
  csv: createCsvParser,
  ndjson: createNdjsonParser,
}

/**
 * Runs imports and answers with their reports.
 *
 * @returns a function that throws AppError, with the report so far where the import had begun
 */
export function createPostImport(options: PostImportOptions) {
  const { database, runQuery, limits } = options
  return (request: ImportRequest): Promise<ImportReport> =>
    receiveFile(request, options, async (file, parserOptions) => {
      const { timeZone } = request.parameters
      const defaultTimeZone = timeZone === undefined ? undefined : parseTimeZone(timeZone, 'timeZone')
      const { format } = file
      const parser = PARSERS[format](parserOptions)
      const id = await runQuery(() =>
        startImport(database, {
          ...{ format, name: request.parameters.name ?? file.name },
          ...{ actor: request.actor, keptDays: limits.kept.days },
        }),
      )
      const outcome = await runImport(file, {
        ...{ id, database, parser, defaultTimeZone },
        batchRows: limits.batchRows,
        kept: limits.kept,
      })
      if (!('error' in outcome)) return outcome
      const { error, report } = outcome
      throw new AppError(error.code, error.message, { ...error.details, extra: { import: report } }, error)
    })
}
