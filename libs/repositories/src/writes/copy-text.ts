import type { Columns } from './insert-records.ts'

const SPECIAL = /[\\\n\r\t]/

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Rows in the text format of COPY: a line each, tabs between values, `\N` for null.
 *
 * Built as one string: with an array of lines and values, the joins cost more than everything else.
 */
export function toCopyText<R extends object>(columns: Columns<R>, records: readonly R[]): string {
  const names = Object.keys(columns) as (keyof R & string)[]
  const isJson = names.map((name) => columns[name] === 'jsonb')
  let text = ''
  for (const record of records) {
    for (let i = 0; i < names.length; i++) {
      text += (i === 0 ? '' : '\t') + toField(record[names[i]!], isJson[i]!)
    }
    text += '\n'
  }
  return text
}

function toField(value: unknown, isJson: boolean): string {
  if (value === null || value === undefined) return '\\N'
  const text = isJson ? JSON.stringify(value) : String(value)
  return SPECIAL.test(text) ? text.replace(/[\\\n\r\t]/g, (one) => ESCAPES[one]!) : text
}
