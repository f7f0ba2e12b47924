import { AppError, type JsonValue } from '@runnel/contracts'
import type { FieldPath } from '@runnel/contracts/log-query'
import { parseText } from '@runnel/json'
import type { LogFields } from '@runnel/repositories-events'
import { parseFieldName } from '../params/parse-field-name.ts'
import { toTime } from '../routes/encode-event.ts'
import { csvLine, TRUNCATED, type FormatName, type LogFormat } from './log-formats.ts'

/** Columns of one file. */
export const MAX_COLUMNS = 20

/** What entries have beside their data. */
const BASE = {
  id: ({ id }: LogFields) => id,
  occurredAt: ({ occurredAtMs }: LogFields) => toTime(occurredAtMs),
  receivedAt: ({ receivedAtMs }: LogFields) => toTime(receivedAtMs),
  level: ({ level }: LogFields) => level,
  service: ({ service }: LogFields) => service,
  message: ({ message }: LogFields) => message,
  traceId: ({ traceId }: LogFields) => traceId ?? null,
  timeUnread: ({ timeUnread }: LogFields) => timeUnread ?? false,
} satisfies Record<string, (log: LogFields) => JsonValue>

/** Chosen columns of a file. */
export interface LogColumns {
  readonly names: readonly string[]
  /** The fields among them, which are read from the data of entries. */
  readonly fields: readonly FieldPath[]
}

/**
 * @param names of what entries have beside their data, of fields as in a query, and `data`: all of it
 * @throws AppError invalid_field
 */
export function parseColumns(names: readonly string[]): LogColumns {
  const unique = [...new Set(names)]
  if (unique.length > MAX_COLUMNS) {
    const expected = `at most ${MAX_COLUMNS}`
    throw new AppError('invalid_field', `There are too many columns: expected ${expected}`, {
      field: 'columns',
      expected,
    })
  }
  const fields = unique.filter((name) => !Object.hasOwn(BASE, name))
  return {
    names: unique,
    fields: fields.map((name) => (name === 'data' ? [] : parseFieldName(name, 'columns'))),
  }
}

/** Entries as their chosen columns. */
export function createColumnFormat(
  format: FormatName,
  { names }: LogColumns,
): LogFormat & { line(log: LogFields): string } {
  const cells = (log: LogFields): JsonValue[] => {
    const values = parseText(log.fieldsText) as JsonValue[]
    let next = 0
    return names.map((name) => {
      const read: ((log: LogFields) => JsonValue) | undefined = Object.hasOwn(BASE, name)
        ? BASE[name as keyof typeof BASE]
        : undefined
      return read ? read(log) : values[next++]!
    })
  }
  if (format === 'csv') {
    return {
      head: csvLine(names),
      line: (log) => csvLine(cells(log).map(textOf)),
      truncated: TRUNCATED.csv,
    }
  }
  const keys = names.map((name) => JSON.stringify(name))
  return {
    head: '',
    line: (log) =>
      `{${cells(log)
        .map((value, i) => `${keys[i]!}:${JSON.stringify(value)}`)
        .join(',')}}\n`,
    truncated: TRUNCATED.ndjson,
  }
}

/** Texts as they are, nothing for null, JSON for anything else. */
function textOf(value: JsonValue): string | null {
  return value === null || typeof value === 'string' ? value : JSON.stringify(value)
}
