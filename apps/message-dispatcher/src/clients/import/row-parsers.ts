import { AppError, type JsonValue } from '@runnel/contracts'
import { checkJson, parseJson, toDoubles } from '@runnel/json'
import type { ClientUpsert, ImportError } from '@runnel/repositories-mailings'
import { CLIENT_LEVELS } from '../client-members.ts'
import type { CountryCode } from '../parse-phone.ts'
import type { ColumnMap } from './assign-columns.ts'
import type { ColumnMember } from './column-names.ts'
import { parseCsvColumns, type CsvColumns, type ReadColumn } from './csv-columns.ts'
import { createCsvReader, type CsvEntry } from './csv-reader.ts'
import { createLineReader, type Line } from './line-reader.ts'
import { readJsonRow } from './read-json-row.ts'
import { toUpsert } from './to-upsert.ts'

/** Where a row stands in its file, and how: undefined where it is too long to be kept. */
export interface RowSource {
  readonly line: number
  readonly text: string | undefined
}

/** A row of a file: a client or what else the file is of, or an error. */
export type ParsedRow<T = ClientUpsert> = (T & RowSource) | { readonly error: ImportError }

/**
 * Turns text that arrives in pieces into rows. A row with an error is returned as such. Rows are parsed as they are consumed,
 * so that the caller can pause: a piece may hold thousands of bad ones. Consume all of them before the next call.
 */
export interface RowParser<T = ClientUpsert> {
  /** @throws AppError where the whole file is unusable */
  push(text: string): Iterable<ParsedRow<T>>
  /** @throws AppError also where the file has no row */
  end(): Iterable<ParsedRow<T>>
  /** Of CSV, once the header is read. */
  readonly layout: FileLayout | undefined
}

/** How the rows of a file of CSV are written. */
interface FileLayout {
  /** The line that names the columns, as it is. */
  readonly header: string
  readonly separator: string
  readonly columns: readonly ReadColumn[]
}

export interface ParserOptions {
  readonly maxRowBytes: number
  /** Of phones without the code of their country. */
  readonly country?: CountryCode | undefined
  /** What columns are, whatever their names say. */
  readonly columns?: ColumnMap | undefined
}

/** What the rows of a file become. */
export interface RowKind<T> {
  /** Members that columns are known as, and the first one is needed; all other ones are attributes. Left out: every one. */
  readonly members?: readonly ColumnMember[]
  /** @param row has been through checkJson @throws AppError */
  read(row: JsonValue, country: CountryCode | undefined): T
}

const CLIENTS: RowKind<ClientUpsert> = { read: toUpsert }

/** What a decoder puts in place of bytes that its encoding does not have. */
const REPLACEMENT = '\ufffd'

/** One JSON object on each line; empty lines are skipped. */
export function createNdjsonParser(options: ParserOptions): RowParser {
  return createNdjsonRows(options, CLIENTS)
}

/** The same for rows of any kind. */
export function createNdjsonRows<T>(
  { maxRowBytes, country, columns }: ParserOptions,
  kind: RowKind<T>,
): RowParser<T> {
  if (columns !== undefined && columns.size > 0) {
    throw new AppError('invalid_field', 'Only columns of CSV can be named otherwise', { field: 'column' })
  }
  const lines = createLineReader(maxRowBytes)
  let isEmpty = true
  function* toRows(read: readonly Line[]): Generator<ParsedRow<T>> {
    for (const line of read) {
      if (line.text?.trim() === '') continue
      isEmpty = false
      yield parseLine(line, kind, country)
    }
  }
  return {
    layout: undefined,
    push: (text) => toRows(lines.push(text)),
    *end() {
      yield* toRows(lines.end())
      if (isEmpty) throw noRows('The file is empty', 'one JSON object on each line')
    },
  }
}

function parseLine<T>(
  { number, text }: Line,
  kind: RowKind<T>,
  country: CountryCode | undefined,
): ParsedRow<T> {
  return parseRow(
    { line: number, text },
    (field) => field,
    () => {
      if (text === undefined) throw new AppError('text_too_long', 'The line is too long')
      refuseReplaced(text)
      return kind.read(readJsonRow(toDoubles(parseJson(text), CLIENT_LEVELS), text, kind.members), country)
    },
  )
}

/** A header, then one record for each client; records without any text are skipped. */
export function createCsvParser(options: ParserOptions): RowParser {
  return createCsvRows(options, CLIENTS)
}

/** The same for rows of any kind. */
export function createCsvRows<T>(
  { maxRowBytes, country, columns: map }: ParserOptions,
  kind: RowKind<T>,
): RowParser<T> {
  const lines = createLineReader(maxRowBytes)
  const records = createCsvReader(maxRowBytes)
  let columns: CsvColumns | undefined
  let header = ''
  let isEmpty = true
  function* toRows(entries: Iterable<CsvEntry>): Generator<ParsedRow<T>> {
    for (const entry of entries) {
      if ('fields' in entry && entry.fields.every(isBlank)) continue
      if (columns) {
        isEmpty = false
        yield parseRecord(entry, columns, kind, country)
      } else {
        columns = readHeader(entry, map, kind.members)
        header = entry.text!
      }
    }
  }
  function* readLines(read: readonly Line[]): Generator<ParsedRow<T>> {
    for (const line of read) yield* toRows(records.push(line))
  }
  return {
    get layout() {
      return columns && { header, separator: records.separator!, columns: columns.columns }
    },
    push: (text) => readLines(lines.push(text)),
    *end() {
      yield* readLines(lines.end())
      yield* toRows(records.end())
      if (!columns)
        throw noRows('The file is empty', 'a first line that names the columns, and lines of clients')
      if (isEmpty) throw noRows('The file has a header, and no line after it', 'lines of clients')
    },
  }
}

const isBlank = (field: string) => field === '' || field.trim() === ''

function noRows(message: string, expected: string): AppError {
  return new AppError('missing_field', message, { expected })
}

function readHeader(
  entry: CsvEntry,
  map: ColumnMap | undefined,
  members: readonly ColumnMember[] | undefined,
): CsvColumns {
  if ('fields' in entry) return parseCsvColumns(entry.fields, map, members)
  throw new AppError('invalid_field', `The first line ${entry.problem}`, {
    expected: 'the names of the columns',
  })
}

function parseRecord<T>(
  entry: CsvEntry,
  columns: CsvColumns,
  kind: RowKind<T>,
  country: CountryCode | undefined,
): ParsedRow<T> {
  const { line, text } = entry
  return parseRow(
    { line, text },
    (pointer) => columns.nameOf(pointer),
    () => {
      if ('problem' in entry) throw new AppError('bad_request', `The line ${entry.problem}`)
      for (const field of entry.fields) refuseReplaced(field)
      const row = columns.toRow(entry.fields)
      checkJson(row)
      return kind.read(row, country)
    },
  )
}

function parseRow<T>(source: RowSource, nameOf: (field: string) => string, read: () => T): ParsedRow<T> {
  try {
    return { ...read(), line: source.line, text: source.text }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { field, expected } = error.details
    const message = expected === undefined ? error.message : `${error.message}; expected: ${expected}`
    const name = field === undefined ? null : nameOf(field)
    return { error: { line: source.line, field: name, code: error.code, message, content: source.text } }
  }
}

function refuseReplaced(text: string): void {
  if (text.includes(REPLACEMENT)) {
    throw new AppError('bad_encoding', 'The line has bytes that are not text in the encoding of the file', {
      expected: 'the same encoding in all lines, best UTF-8',
    })
  }
}
