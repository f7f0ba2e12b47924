import { CsvError, parse as createParser } from 'csv-parse'
import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import { CommandError } from '../command-error.ts'
import type { OpenedFile } from './open-file.ts'
import { MAX_ENTRY_BYTES, refuse, toEntry, type SourceEntry } from './source-entry.ts'

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** What csv-parse yields with `info: true`; `lines` is the line that the record ends on. */
interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/**
 * Every row of a `timestamp,value` file as a metric that is named after the file. The timestamp is sent as it is
 * written (without a zone it is UTC), the value as the nearest IEEE double.
 *
 * @throws CommandError when the file is no such CSV
 */
export async function* readMetrics(file: OpenedFile): AsyncGenerator<SourceEntry> {
  if (file.bytes === 0) return
  const name = basename(file.path, extname(file.path))
  let header = true
  try {
    for await (const { record, info } of openCsv(file)) {
      if (header) requireHeader(file.path, record)
      else yield toMetric(record, name, info.lines, file.eventId(info.lines))
      header = false
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new CommandError(`${file.path}: ${error.message}`, 1, error)
  }
}

function openCsv(file: OpenedFile): AsyncIterable<CsvRecord> {
  const parser = createParser({
    bom: true,
    info: true,
    trim: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ENTRY_BYTES,
  })
  const source = createReadStream(file.path, { end: file.bytes - 1 })
  source.on('error', (error) => parser.destroy(error))
  return source.pipe(parser) as AsyncIterable<CsvRecord>
}

function requireHeader(path: string, [timestamp, value, ...rest]: readonly string[]): void {
  if (timestamp === 'timestamp' && value === 'value' && rest.length === 0) return
  throw new CommandError(`${path}: the first line has to be "timestamp,value"`)
}

function toMetric(record: readonly string[], name: string, position: number, eventId: string): SourceEntry {
  const [timestamp, value] = record
  if (record.length !== 2 || timestamp === undefined || value === undefined) {
    return refuse(position, 'invalid_field', `expected 2 columns, found ${record.length}`)
  }
  if (!NUMBER.test(value)) {
    return refuse(position, 'invalid_field', `not a number: ${JSON.stringify(value.slice(0, 40))}`)
  }
  return toEntry('metrics', position, { data: { name, value: Number(value), timestamp }, eventId })
}
