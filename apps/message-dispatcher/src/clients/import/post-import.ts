import { AppError, parseTimeZone } from '@runnel/contracts'
import type { FairShare, Release } from '@runnel/http'
import type { Database, RunQuery } from '@runnel/repositories-database'
import { startImport } from '@runnel/repositories-mailings'
import type { IncomingMessage } from 'node:http'
import { discard, readBody } from './read-body.ts'
import { createCsvParser, createNdjsonParser, type RowParser } from './row-parsers.ts'
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

export interface ImportRequest {
  /** Its body has not been read. */
  readonly raw: IncomingMessage
  /** IANA time zone of new clients whose line has none. */
  readonly timeZone: string | undefined
  readonly actor: string
  readonly peer: string
}

type Format = 'csv' | 'ndjson'

const PARSERS: Readonly<Record<Format, (maxRowBytes: number) => RowParser>> = {
  csv: createCsvParser,
  ndjson: createNdjsonParser,
}

const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
])

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
  { raw, timeZone, actor }: ImportRequest,
  { database, runQuery, limits, signal }: PostImportOptions,
): Promise<ImportReport> {
  try {
    const defaultTimeZone = timeZone === undefined ? undefined : parseTimeZone(timeZone, 'timeZone')
    const format = formatOf(raw.headers['content-type'])
    const chunks = readBody(raw, { ...limits, signal })
    const id = await runQuery(() => startImport(database, { format, actor }))
    const parser = PARSERS[format](limits.maxRowBytes)
    const outcome = await runImport(chunks, {
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
    discard(raw)
  }
}

/** @throws AppError unsupported_media_type */
function formatOf(contentType: string | undefined): Format {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';')
  const format = FORMATS.get(type.trim())
  const charset = parameters.map((text) => /^\s*charset="?([^"\s]*)"?\s*$/.exec(text)?.[1]).find(Boolean)
  if (format && (charset === undefined || charset === 'utf-8' || charset === 'utf8')) return format
  throw new AppError('unsupported_media_type', 'The content type is not supported for files of clients', {
    field: 'content-type',
    expected: 'text/csv or application/x-ndjson, in UTF-8',
  })
}
