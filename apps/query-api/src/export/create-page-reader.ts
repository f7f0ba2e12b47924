import type { LogFilter, LogLines, PageOptions } from '@runnel/repositories-events'
import type { Store } from '../store.ts'
import { createColumnFormat, type LogColumns } from './column-formats.ts'
import { logCsvLine, toLines, type FormatName } from './log-formats.ts'

/** Reads pages as the lines of a file. Whole entries in JSON come as lines from the database. */
export function createPageReader(
  store: Pick<Store, 'listLogs' | 'listLogFields' | 'readLogLines'>,
  filter: LogFilter,
  format: FormatName,
  columns: LogColumns | undefined,
): (page: PageOptions) => Promise<LogLines> {
  if (columns) {
    const { line } = createColumnFormat(format, columns)
    return async (page) => toLines(await store.listLogFields(filter, page, columns.fields), line)
  }
  if (format === 'ndjson') return (page) => store.readLogLines(filter, page)
  return async (page) => toLines(await store.listLogs(filter, page), logCsvLine)
}
