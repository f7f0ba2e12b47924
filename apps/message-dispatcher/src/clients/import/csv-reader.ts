import { createCsvRecord, type CsvRecord } from './csv-record.ts'
import type { Line } from './line-reader.ts'

/** A record, or the problem of the line at which it begins. */
export type CsvEntry =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly problem: string }

export interface CsvReader {
  /** Entries are read as they are consumed; consume all of them before the next call. */
  push(line: Line): Iterable<CsvEntry>
  /** Entries of a record that is still open when the file ends. */
  end(): Iterable<CsvEntry>
}

/** Lines that a record may have. A longer one is more likely a quote that was never closed. */
const MAX_RECORD_LINES = 100

const SEPARATORS = [',', ';', '\t']

/**
 * Turns lines into records. Where a record cannot be read, only its first line is lost: reading starts again at the next
 * line. Otherwise a quote that is never closed would swallow everything after it.
 *
 * The separator is the one that occurs most often in the first line.
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
    if (record === undefined && (text === '' || text === '\r')) return undefined
    separator ??= findSeparator(text ?? '')
    record ??= createCsvRecord(separator)
    lines.push(line)
    length += text?.length ?? 0
    if (text === undefined || length > maxRecordBytes)
      return { line: lines[0]!.number, problem: 'is too long' }
    const state = record.read(text)
    if (state === 'done') return { line: lines[0]!.number, fields: record.fields }
    if (state === 'bad')
      return { line: lines[0]!.number, problem: `has text after a closing quote (line ${number})` }
    if (lines.length < MAX_RECORD_LINES) return undefined
    return {
      line: lines[0]!.number,
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
    push: (line) => readAll([line]),
    *end() {
      while (record !== undefined) {
        const read = close()
        yield { line: read[0]!.number, problem: 'has a quote that is never closed' }
        yield* readAll(read.slice(1))
      }
    },
  }
}

function findSeparator(header: string): string {
  const counts = SEPARATORS.map((separator) => header.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!
}
