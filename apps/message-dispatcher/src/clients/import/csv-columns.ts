import { AppError, type JsonObject, type JsonValue } from '@runnel/contracts'

/** The meaning of the columns of a file. */
export interface CsvColumns {
  /** Turns a record into the object that a line of NDJSON would have. @throws AppError invalid_field */
  toRow(fields: readonly string[]): JsonObject
  /** The header's name of a member of that object, e.g. of `/timeZone`. */
  nameOf(pointer: string): string
}

/** Known columns by their lower-case names without blanks, hyphens and underscores. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ['phone', 'phone'],
  ['operatorcode', 'operatorCode'],
  ['tag', 'tag'],
  ['timezone', 'timeZone'],
  ['optedout', 'optedOut'],
])

const MAX_COLUMNS = 100
const MAX_NAME_CHARACTERS = 100

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'y'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'n'].map((word) => [word, false] as const),
])

/**
 * Columns other than the known ones are attributes.
 *
 * @param header the first record of the file
 * @throws AppError invalid_field | missing_field
 */
export function parseCsvColumns(header: readonly string[]): CsvColumns {
  const names = header.map((name) => name.trim())
  const columns = names.map((name) => MEMBERS.get(name.toLowerCase().replaceAll(/[\s_-]/g, '')) ?? `/${name}`)
  checkHeader(names, columns)
  const byMember = new Map(columns.map((column, i) => [`/${column}`, names[i]!]))
  return {
    nameOf: (pointer) => byMember.get(pointer) ?? pointer.replace(/^\/(attributes\/)?/, ''),
    toRow(fields) {
      checkCount(fields, columns.length)
      const row: JsonObject = {}
      const attributes: [string, string | null][] = []
      columns.forEach((column, i) => {
        const text = fields[i]!
        if (!column.startsWith('/')) {
          const value = toMember(column, text)
          if (value !== undefined) row[column] = value
        } else if (column !== '/') {
          attributes.push([column.slice(1), text === '' ? null : text])
        } else if (text !== '') {
          throw new AppError('invalid_field', `Column ${i + 1} has a value but no name in the first line`)
        }
      })
      if (attributes.length > 0) row['attributes'] = Object.fromEntries(attributes)
      return row
    },
  }
}

/**
 * An empty tag removes the tag, and an empty operator code is derived from the number. An empty time zone or optedOut
 * changes nothing: an empty field must not opt a client in again.
 */
function toMember(column: string, text: string): JsonValue | undefined {
  if (column === 'tag') return text
  const word = text.trim()
  if (column === 'operatorCode') return word === '' ? null : word
  if (word === '' && column !== 'phone') return undefined
  if (column !== 'optedOut') return word
  const value = BOOLEANS.get(word.toLowerCase())
  if (value !== undefined) return value
  throw new AppError('invalid_field', 'The value of optedOut is not valid', {
    field: '/optedOut',
    expected: 'true or false',
  })
}

function checkHeader(names: readonly string[], columns: readonly string[]): void {
  if (!columns.includes('phone')) {
    throw new AppError('missing_field', 'The first line has no column named phone', {
      field: 'phone',
      expected: 'a header such as phone,timeZone,tag',
    })
  }
  const wrong = columns.findIndex(
    (column, i) =>
      i >= MAX_COLUMNS ||
      names[i]!.length > MAX_NAME_CHARACTERS ||
      /[\0\ufffd]/.test(column) ||
      (column !== '/' && columns.indexOf(column) !== i),
  )
  if (wrong < 0) return
  throw new AppError('invalid_field', `The name of column ${wrong + 1} in the first line is not valid`, {
    field: names[wrong]!.slice(0, MAX_NAME_CHARACTERS).toWellFormed(),
    expected: `at most ${MAX_COLUMNS} columns with different names of at most ${MAX_NAME_CHARACTERS} characters`,
  })
}

function checkCount(fields: readonly string[], columns: number): void {
  const surplus = fields.slice(columns).some((text) => text !== '')
  if (fields.length >= columns && !surplus) return
  throw new AppError(
    'invalid_field',
    `The line has ${fields.length} fields, but the first line has ${columns}`,
    {
      expected: `${columns} fields`,
    },
  )
}
