import { createCsvRecord, type CsvRecord } from './csv-record.ts'
import type { Line } from './line-reader.ts'

/** A record, or the problem of the line at which it begins; with its text, undefined where a line is too long. */
export type CsvEntry = { readonly line: number; readonly text: string | undefined } & (
  { readonly fields: readonly string[] } | { readonly problem: string }
)

export interface CsvReader {
  /** Entries are read as they are consumed; consume all of them before the next call. */
  push(line: Line): Iterable<CsvEntry>
  /** Entries of a record that is still open when the file ends. */
  end(): Iterable<CsvEntry>
  /** What stands between fields, once a line was read. */
  readonly separator: string | undefined
}

/** Lines that a record may have. A longer one is more likely a quote that was never closed. */
const MAX_RECORD_LINES = 100

const SEPARATORS = [',', ';', '\t', '|']

/** This first line names the separator for spreadsheets. */
const SEPARATOR_LINE = /^"?sep=(.)"?$/i

/**
 * Turns lines into records. Where a record cannot be read, only its first line is lost: reading starts again at the next
 * line. Otherwise a quote that is never closed would swallow everything after it.
 *
 * The separator is what a first line such as `sep=;` names, and otherwise the one that occurs most often in the header,
 * outside of quotes.
 */
export function createCsvReader(maxRecordBytes: number): CsvReader {
  let separator: string | undefined
  let record: CsvRecord | undefined
  let lines: Line[] = []
  let length = 0

  const close = () => {
    const former = lines
    record = undefined
    lines = []
    length = 0
    return former
  }

  /** @returns undefined while the record is open */
  const readLine = (line: Line): CsvEntry | undefined => {
    const { text, number } = line
    if (record === undefined && text === '') return undefined
    if (separator === undefined) {
      separator = SEPARATOR_LINE.exec(text ?? '')?.[1]
      if (separator !== undefined) return undefined
      separator = findSeparator(text ?? '')
    }
    record ??= createCsvRecord(separator)
    lines.push(line)
    length += text?.length ?? 0
    const first = lines[0]!.number
    if (text === undefined || length > maxRecordBytes)
      return { line: first, text: lines[0]!.text, problem: 'is too long' }
    const state = record.read(text, line.end)
    if (state === 'done') return { line: first, text: textOf(lines), fields: record.fields }
    if (state === 'bad')
      return { line: first, text: lines[0]!.text, problem: `has text after a closing quote (line ${number})` }
    if (lines.length < MAX_RECORD_LINES) return undefined
    return {
      line: first,
      text: lines[0]!.text,
      problem: `has a quote that is not closed within ${MAX_RECORD_LINES} lines`,
    }
  }

  function* readAll(queue: Line[]): Generator<CsvEntry> {
    for (let line = queue.shift(); line; line = queue.shift()) {
      const entry = readLine(line)
      if (!entry) continue
      const read = close()
      if ('problem' in entry) queue.unshift(...read.slice(1))
      yield entry
    }
  }

  return {
    get separator() {
      return separator
    },
    push: (line) => readAll([line]),
    *end() {
      while (record !== undefined) {
        const read = close()
        const { number: line, text } = read[0]!
        yield { line, text, problem: 'has a quote that is never closed' }
        yield* readAll(read.slice(1))
      }
    },
  }
}

/** The lines of a record as they were, without the last end. */
function textOf(lines: readonly Line[]): string {
  if (lines.length === 1) return lines[0]!.text!
  return lines.map(({ text, end }, i) => (i < lines.length - 1 ? `${text}${end}` : text)).join('')
}

function findSeparator(header: string): string {
  const unquoted = header.replaceAll(/"[^"]*"/g, '')
  const counts = SEPARATORS.map((separator) => unquoted.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!
}
