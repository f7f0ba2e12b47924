import { csvCell, type JsonObject } from '@runnel/contracts'
import type { StoredClient } from '@runnel/repositories-mailings'
import { REFUSED_NEAR } from '../import/assign-columns.ts'
import { guessMember, memberOfName } from '../import/column-names.ts'
import type { PagedFile } from './send-pages.ts'

type ClientFile = Pick<PagedFile<StoredClient>, 'extension' | 'contentType' | 'head' | 'line'>

/** Columns of attributes that a file has; further attributes stand together in one. */
export const MAX_ATTRIBUTE_COLUMNS = 50

const MEMBERS = ['phone', 'operatorCode', 'tag', 'timeZone', 'email', 'webhookUrl', 'optedOut']

/** Tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Clients as CSV that an import reads as the same clients: phones with a plus sign, which spreadsheets leave alone; texts of
 * attributes in columns of their own; everything else of attributes as JSON in the last column.
 *
 * @param names of attributes that may have a column
 */
export function clientCsv(names: readonly string[]): ClientFile {
  const columns = names.filter(isColumnName)
  const write = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`
  return {
    extension: 'csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    head: BYTE_ORDER_MARK + write([...MEMBERS, ...columns, 'attributes']),
    line: ({ phone, operatorCode, tag, timeZone, email, webhookUrl, optedOutAt, attributes }) => {
      const addresses = [email ?? '', webhookUrl ?? '']
      const members = [`+${phone}`, operatorCode, tag, timeZone, ...addresses, String(optedOutAt !== null)]
      const texts = columns.map((name) => cellText(attributes, name))
      const rest = Object.entries(attributes).filter(
        ([name]) => !columns.includes(name) || cellText(attributes, name) === '',
      )
      return write([...members, ...texts, rest.length === 0 ? '' : cellJson(Object.fromEntries(rest))])
    },
  }
}

/** Clients as NDJSON, exact in every attribute. */
export const CLIENT_NDJSON: ClientFile = {
  extension: 'ndjson',
  contentType: 'application/x-ndjson; charset=utf-8',
  head: '',
  line: ({ phone, operatorCode, tag, timeZone, email, webhookUrl, optedOutAt, attributes }) =>
    `${escapeReplacement(JSON.stringify({ phone: `+${phone}`, operatorCode, tag, timeZone, email, webhookUrl, optedOut: optedOutAt !== null, attributes }))}\n`,
}

/** An import has to read the name as that of an attribute. */
function isColumnName(name: string): boolean {
  return (
    isPlain(name) &&
    name.length <= 50 &&
    memberOfName(name) === undefined &&
    guessMember(name, REFUSED_NEAR) === undefined
  )
}

/** @returns the text of an attribute that a cell gives back; empty for what it does not */
function cellText(attributes: JsonObject, name: string): string {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
  return typeof value === 'string' && isPlain(value) ? value : ''
}

/** Imports trim cells, take an empty one for a removal, and refuse U+FFFD as a sign of a wrong encoding. */
function isPlain(text: string): boolean {
  return text !== '' && text.trim() === text && !text.includes('\ufffd')
}

/** JSON in which no program that splits at semicolons finds a formula. */
function cellJson(value: JsonObject): string {
  return escapeReplacement(JSON.stringify(value).replaceAll(';', '\\u003b'))
}

/** JSON without the character that an import takes for a byte of another encoding. */
function escapeReplacement(json: string): string {
  return json.replaceAll('\ufffd', '\\ufffd')
}
