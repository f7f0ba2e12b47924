import { AppError, isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { parseJson } from '@runnel/json'
import { assignColumns, type Column, type ColumnMap } from './assign-columns.ts'
import type { ColumnMember } from './column-names.ts'
import { readCell } from './read-cell.ts'
import { readOptedIn, readOptedOut } from './read-opted-out.ts'

/** What a column of a file is read as. */
export interface ReadColumn {
  /** As the header writes it. */
  readonly name: string
  /** A member of a client, e.g. `phone` or `attributes.city`; `ignored` where it is not read. */
  readonly member: string
}

/** The meaning of the columns of a file. */
export interface CsvColumns {
  readonly columns: readonly ReadColumn[]
  /** Turns a record into the object that a line of NDJSON would have. @throws AppError invalid_field */
  toRow(fields: readonly string[]): JsonObject
  /** The header's name of a member of that object, e.g. of `/timeZone`. */
  nameOf(pointer: string): string
}

const MAX_COLUMNS = 100
const MAX_NAME_CHARACTERS = 100

/**
 * Columns other than the known ones are attributes.
 *
 * @param header the first record of the file
 * @param map says what columns are, whatever their names say
 * @param members that columns are known as; left out: every one
 * @throws AppError invalid_field | missing_field
 */
export function parseCsvColumns(
  header: readonly string[],
  map: ColumnMap = new Map(),
  members?: readonly ColumnMember[],
): CsvColumns {
  const names = header.map(readCell)
  while (names.length > 1 && names.at(-1) === '') names.pop()
  checkNames(names)
  const columns = assignColumns(names, map, members)
  checkDifferent(names, columns)
  const byMember = new Map(columns.map((column, i) => [`/${memberOf(column)}`, names[i]!]))
  return {
    columns: columns.map((column, i) => ({ name: names[i]!, member: memberOf(column) })),
    nameOf: (pointer) => byMember.get(pointer) ?? pointer.replace(/^\/(attributes\/)?/, ''),
    toRow: (fields) => toRow(fields, columns),
  }
}

/** A record may lack fields at its end: programs leave out empty ones. They say nothing, as a column that is not there. */
function toRow(fields: readonly string[], columns: readonly Column[]): JsonObject {
  checkCount(fields, columns.length)
  const row: JsonObject = {}
  const attributes = new Map<string, JsonValue>()
  let document: JsonObject | undefined
  for (const [i, column] of columns.entries()) {
    if (i >= fields.length) break
    const text = readCell(fields[i]!)
    if (column.kind === 'attribute') attributes.set(column.name, text === '' ? null : text)
    else if (column.kind === 'nameless') refuseNameless(text, i)
    else if (column.member === 'attributes') document = readDocument(text)
    else setMember(row, column.member, text)
  }
  // What stands in the document counts, for an export leaves the cells of its members empty.
  for (const name in document) attributes.set(name, document[name]!)
  if (attributes.size > 0) row['attributes'] = Object.fromEntries(attributes)
  return row
}

/** Members that an empty field removes. */
const MAY_BE_NULL: readonly string[] = ['operatorCode', 'email', 'webhookUrl']

/**
 * An empty tag, e-mail address or webhook removes it, and an empty operator code is derived from the number. An empty time zone or optedOut
 * changes nothing: an empty field must not opt a client in again.
 */
function setMember(row: JsonObject, member: string, text: string): void {
  if (member === 'ignored') return
  if (member === 'phone' || member === 'tag') row[member] = text
  else if (MAY_BE_NULL.includes(member)) row[member] = text === '' ? null : text
  else if (text === '') return
  else if (member === 'timeZone') row[member] = text
  else row['optedOut'] = toOptedOut(member, text) || row['optedOut'] === true
}

function toOptedOut(member: string, text: string): boolean {
  const optedOut = member === 'optedIn' ? readOptedIn(text) : readOptedOut(text)
  if (optedOut !== undefined) return optedOut
  throw new AppError('invalid_field', `The value of ${member} is not valid`, {
    field: `/${member}`,
    expected: member === 'optedIn' ? 'true or false' : 'true, false, or the date of the opt-out',
  })
}

/** @throws AppError invalid_field */
function readDocument(text: string): JsonObject {
  if (text === '') return {}
  let value: JsonValue
  try {
    value = parseJson(text)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, error.message, { field: '/attributes', expected: 'a JSON object' }, error)
  }
  if (isJsonObject(value)) return value
  throw new AppError('invalid_field', 'The value of attributes is not a JSON object', {
    field: '/attributes',
    expected: 'a JSON object, or another name for a column of text',
  })
}

function refuseNameless(text: string, i: number): void {
  if (text === '') return
  throw new AppError('invalid_field', `Column ${i + 1} has a value but no name in the first line`)
}

function memberOf(column: Column): string {
  if (column.kind === 'member') return column.member
  return column.kind === 'attribute' ? `attributes.${column.name}` : 'ignored'
}

function checkNames(names: readonly string[]): void {
  const wrong = names.findIndex(
    (name, i) => i >= MAX_COLUMNS || name.length > MAX_NAME_CHARACTERS || /[\0\ufffd]/.test(name),
  )
  if (wrong >= 0) throw wrongName(names, wrong)
}

function checkDifferent(names: readonly string[], columns: readonly Column[]): void {
  const seen = new Set<string>()
  columns.forEach((column, i) => {
    if (column.kind !== 'attribute') return
    if (seen.has(column.name)) throw wrongName(names, i)
    seen.add(column.name)
  })
}

function wrongName(names: readonly string[], i: number): AppError {
  return new AppError('invalid_field', `The name of column ${i + 1} in the first line is not valid`, {
    field: names[i]!.slice(0, MAX_NAME_CHARACTERS).toWellFormed(),
    expected: `at most ${MAX_COLUMNS} columns with different names of at most ${MAX_NAME_CHARACTERS} characters`,
  })
}

function checkCount(fields: readonly string[], columns: number): void {
  if (!fields.slice(columns).some((text) => readCell(text) !== '')) return
  throw new AppError(
    'invalid_field',
    `The line has ${fields.length} fields, but the first line has ${columns}`,
    { expected: `at most ${columns} fields; a text that holds the separator has to be in quotes` },
  )
}
