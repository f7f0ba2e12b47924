import { AppError, type JsonValue } from '@runnel/contracts'
import { checkJson, parseJson, toDoubles } from '@runnel/json'
import type { ClientUpsert, ImportError } from '@runnel/repositories-mailings'
import { CLIENT_LEVELS } from '../client-members.ts'
import { parseCsvColumns, type CsvColumns } from './csv-columns.ts'
import { createCsvReader, type CsvEntry } from './csv-reader.ts'
import { createLineReader, type Line } from './line-reader.ts'
import { toUpsert } from './to-upsert.ts'

/** A row of a file: a client, or an error. */
export type ParsedRow = (ClientUpsert & { readonly line: number }) | { readonly error: ImportError }

/**
 * Turns text that arrives in pieces into rows. A row with an error is returned as such. Rows are parsed as they are consumed,
 * so that the caller can pause: a piece may hold thousands of bad ones. Consume all of them before the next call.
 */
export interface RowParser {
  /** @throws AppError where the whole file is unusable */
  push(text: string): Iterable<ParsedRow>
  end(): Iterable<ParsedRow>
}

/** What a decoder puts in place of invalid UTF-8. */
const REPLACEMENT = '\ufffd'

/** One JSON object on each line; empty lines are skipped. */
export function createNdjsonParser(maxRowBytes: number): RowParser {
  const lines = createLineReader(maxRowBytes)
  function* toRows(read: readonly Line[]): Generator<ParsedRow> {
    for (const line of read) if (line.text === undefined || line.text.trim() !== '') yield parseLine(line)
  }
  return { push: (text) => toRows(lines.push(text)), end: () => toRows(lines.end()) }
}

function parseLine({ number, text }: Line): ParsedRow {
  return parseRow(
    number,
    (field) => field,
    () => {
      if (text === undefined) throw new AppError('text_too_long', 'The line is too long')
      refuseReplaced(text)
      return toDoubles(parseJson(text), CLIENT_LEVELS)
    },
  )
}

/** A header, then one record for each client. */
export function createCsvParser(maxRowBytes: number): RowParser {
  const lines = createLineReader(maxRowBytes)
  const records = createCsvReader(maxRowBytes)
  let columns: CsvColumns | undefined
  function* toRows(entries: Iterable<CsvEntry>): Generator<ParsedRow> {
    for (const entry of entries) {
      if (columns) yield parseRecord(entry, columns)
      else columns = readHeader(entry)
    }
  }
  function* readLines(read: readonly Line[]): Generator<ParsedRow> {
    for (const line of read) yield* toRows(records.push(line))
  }
  return {
    push: (text) => readLines(lines.push(text)),
    *end() {
      yield* readLines(lines.end())
      yield* toRows(records.end())
      if (columns) return
      throw new AppError('missing_field', 'The file is empty', {
        expected: 'a first line that names the columns',
      })
    },
  }
}

function readHeader(entry: CsvEntry): CsvColumns {
  if ('fields' in entry) return parseCsvColumns(entry.fields)
  throw new AppError('invalid_field', `The first line ${entry.problem}`, {
    expected: 'the names of the columns',
  })
}

function parseRecord(entry: CsvEntry, columns: CsvColumns): ParsedRow {
  return parseRow(
    entry.line,
    (pointer) => columns.nameOf(pointer),
    () => {
      if ('problem' in entry) throw new AppError('bad_request', `The line ${entry.problem}`)
      for (const field of entry.fields) refuseReplaced(field)
      const row = columns.toRow(entry.fields)
      checkJson(row)
      return row
    },
  )
}

function parseRow(line: number, nameOf: (field: string) => string, read: () => JsonValue): ParsedRow {
  try {
    return { ...toUpsert(read()), line }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { field, expected } = error.details
    const message = expected === undefined ? error.message : `${error.message}; expected: ${expected}`
    return { error: { line, field: field === undefined ? null : nameOf(field), code: error.code, message } }
  }
}

function refuseReplaced(text: string): void {
  if (text.includes(REPLACEMENT)) {
    throw new AppError('bad_encoding', 'The line is not valid UTF-8', { expected: 'UTF-8' })
  }
}
