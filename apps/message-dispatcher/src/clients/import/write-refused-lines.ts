import { csvCell, isJsonObject } from '@runnel/contracts'
import { readJson } from '@runnel/json'
import type { RefusedLine } from '@runnel/repositories-mailings'
import { createCsvRecord } from './csv-record.ts'
import { createLineReader } from './line-reader.ts'

/** The file of an import's refused lines: how its beginning and its lines are written. */
export interface RefusedLinesFormat {
  readonly contentType: string
  readonly extension: string
  readonly head: string
  line(refused: RefusedLine): string
}

/** Tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff'

/** Columns that an import does not read, so that the file can be sent as it is once it is mended. */
const NOTES = ['importLine', 'importError']

/**
 * The columns of the file with what is wrong before them. A line that cannot be taken apart stands in its first column as a
 * whole. Whatever the file had as separator, this one has commas.
 */
export function refusedCsv(header: string, separator: string): RefusedLinesFormat {
  const write = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`
  return {
    contentType: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    head: BYTE_ORDER_MARK + write([...NOTES, ...(splitRecord(header, separator) ?? [header])]),
    line: ({ line, message, content }) =>
      write([
        String(line),
        message,
        ...(content === null ? [] : (splitRecord(content, separator) ?? [content])),
      ]),
  }
}

/** The objects with what is wrong among their members; what is no JSON stands in a member as text. */
export const REFUSED_NDJSON: RefusedLinesFormat = {
  contentType: 'application/x-ndjson; charset=utf-8',
  extension: 'ndjson',
  head: '',
  line({ line, message, content }) {
    const notes = { importLine: line, importError: message }
    const row = parseObject(content)
    return `${JSON.stringify(row === undefined ? { ...notes, content } : { ...notes, ...row })}\n`
  },
}

/** @returns undefined where the text is no whole record */
function splitRecord(text: string, separator: string): readonly string[] | undefined {
  const reader = createLineReader(Number.MAX_SAFE_INTEGER)
  const record = createCsvRecord(separator)
  const lines = [...reader.push(text), ...reader.end()]
  const states = lines.map((line) => record.read(line.text!, line.end))
  return states.findIndex((state) => state !== 'more') === states.length - 1 && states.at(-1) === 'done'
    ? record.fields
    : undefined
}

function parseObject(content: string | null): object | undefined {
  if (content === null) return undefined
  try {
    const value = readJson(content)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
