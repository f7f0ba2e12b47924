import type { LogEntry } from '../../api/logs.ts'
import { entryMembers } from './entry-members.ts'
import { writeField } from '@runnel/contracts/log-query'

/** Columns of attributes that an address may ask for. */
const MAX_COLUMNS = 6

/** The fields that an address wants columns of. */
export function readColumns(params: URLSearchParams): string[] {
  return [...new Set(params.getAll('columns'))].slice(0, MAX_COLUMNS)
}

/** The columns with one more, or without it where it is there. */
export function toggleColumn(params: URLSearchParams, field: string): string[] {
  const columns = readColumns(params)
  return columns.includes(field)
    ? columns.filter((one) => one !== field)
    : [...columns, field].slice(-MAX_COLUMNS)
}

/** Columns of a file of what is shown; without columns of their own, entries are exported as a whole. */
export function exportColumns(params: URLSearchParams): string[] {
  const columns = readColumns(params)
  return columns.length === 0 ? [] : ['occurredAt', 'level', 'service', ...columns, 'message']
}

/** What an entry has in a column; empty where it has none. */
export function cellText(entry: LogEntry, field: string): string {
  return entryMembers(entry).find(({ path }) => writeField(path) === field)?.text ?? ''
}
