/** Column names with their types in PostgreSQL. */
export type Columns<R> = { readonly [K in keyof R & string]: string }

/** Characters of one piece: few enough for the young generation, many enough that a piece costs nothing. */
const PIECE_CHARACTERS = 64 * 1024

const SPECIAL = /[\\\n\r\t]/

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** By type of the column; values of other types (numbers, times, ids) hold nothing that needs an escape. */
const WRITERS: Readonly<Record<string, (value: unknown) => string>> = {
  text: (value) => {
    const text = String(value)
    return SPECIAL.test(text) ? text.replace(/[\\\n\r\t]/g, (one) => ESCAPES[one]!) : text
  },
  jsonb: (value) => {
    const text = JSON.stringify(value)
    return text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
  },
}

/**
 * Rows in the text format of COPY: a line each, tabs between values, `\N` for null.
 *
 * Lines are appended to one string, for joins of arrays cost more than everything else. A string becomes bytes while it is
 * short: what is appended to is a tree, which the collector copies as long as it stands. Pauses behind every piece.
 */
export function* toCopyText<Row, R extends object>(
  columns: Columns<R>,
  rows: readonly Row[],
  toRecord: (row: Row) => R,
): Generator<void, Buffer[]> {
  const fields = Object.entries<string>(columns).map(([name, type]) => ({
    name: name as keyof R,
    write: WRITERS[type] ?? String,
  }))
  const pieces: Buffer[] = []
  let text = ''
  for (const row of rows) {
    const record = toRecord(row)
    let separator = ''
    for (const { name, write } of fields) {
      const value = record[name]
      text += separator + (value === null || value === undefined ? '\\N' : write(value))
      separator = '\t'
    }
    text += '\n'
    if (text.length < PIECE_CHARACTERS) continue
    pieces.push(Buffer.from(text))
    text = ''
    yield
  }
  pieces.push(Buffer.from(text))
  return pieces
}
