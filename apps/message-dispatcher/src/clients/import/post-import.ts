import { AppError, parseTimeZone } from '@runnel/contracts'
import { parseCountry } from '../parse-phone.ts'
import type { FairShare, Release } from '@runnel/http'
import type { Database, RunQuery } from '@runnel/repositories-database'
import { startImport } from '@runnel/repositories-mailings'
import type { IncomingMessage } from 'node:http'
import type { Format } from './file-formats.ts'
import { openFile, type OpenedFile } from './open-file.ts'
import { discard, readBody } from './read-body.ts'
import { parseColumnMap } from './parse-column-map.ts'
import { createCsvParser, createNdjsonParser, type ParserOptions, type RowParser } from './row-parsers.ts'
import { runImport, type ImportReport } from './run-import.ts'

export interface ImportLimits {
  /** Largest size of a file, as received and again after inflating. */
  readonly maxBytes: number
  readonly maxRowBytes: number
  readonly batchRows: number
  /** Imports that one process runs at a time. */
  readonly concurrency: number
  /** Milliseconds that may pass without data from the sender. */
  readonly idleMs: number
  /** Of phones without the code of their country, where the sender names none; empty: none. */
  readonly country: string
}

export interface PostImportOptions {
  readonly database: Database
  readonly runQuery: RunQuery
  readonly limits: ImportLimits
  /** Of as many permits as imports may run. */
  readonly share: FairShare
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
}

/** What the sender of a file says about it. */
export interface ImportParameters {
  /** IANA time zone of new clients whose line has none. */
  readonly timeZone?: string | undefined
  /** Of phones without the code of their country. */
  readonly country?: string | undefined
  readonly charset?: string | undefined
  /** Members with the names of their columns: `phone:Number`. */
  readonly column?: string | readonly string[] | undefined
}

export interface ImportRequest {
  /** Its body has not been read. */
  readonly raw: IncomingMessage
  readonly parameters: ImportParameters
  readonly actor: string
  readonly peer: string
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
  return async (request: ImportRequest): Promise<ImportReport> => {
    let release: Release
    try {
      release = options.share.take(request.peer)
    } catch (error) {
      discard(request.raw)
      throw error
    }
    try {
      return await importClients(request, options)
    } finally {
      release()
    }
  }
}

async function importClients(
  { raw, parameters, actor }: ImportRequest,
  { database, runQuery, limits, signal }: PostImportOptions,
): Promise<ImportReport> {
  let file: OpenedFile | undefined
  try {
    const { timeZone, country = limits.country, charset, column = [] } = parameters
    const defaultTimeZone = timeZone === undefined ? undefined : parseTimeZone(timeZone, 'timeZone')
    const parserOptions: ParserOptions = {
      maxRowBytes: limits.maxRowBytes,
      country: country === '' ? undefined : parseCountry(country, 'country'),
      columns: parseColumnMap(typeof column === 'string' ? [column] : column),
    }
    file = await openFile(readBody(raw, { ...limits, signal }), {
      contentType: raw.headers['content-type'],
      charset,
    })
    const { format } = file
    const parser = PARSERS[format](parserOptions)
    const id = await runQuery(() => startImport(database, { format, actor }))
    const outcome = await runImport(file, {
      id,
      database,
      parser,
      defaultTimeZone,
      batchRows: limits.batchRows,
    })
    if (!('error' in outcome)) return outcome
    const { error, report } = outcome
    throw new AppError(error.code, error.message, { ...error.details, extra: { import: report } }, error)
  } finally {
    await file?.close()
    discard(raw)
  }
}
