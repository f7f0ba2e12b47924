import { fixedChanges } from '../../data/time-range.ts'
import type { LogEntry } from '../../api/logs.ts'
import { withoutFilters } from './logs-query.ts'

/** In the place of a cursor: the page around one entry. */
const PREFIX = 'around:'

/** Of the counts that stand over the entries around one. */
const SIDE_MS = 3_600_000

/** The entry whose surroundings an address shows. */
export function contextOf(params: URLSearchParams): string | undefined {
  const cursor = params.get('cursor')
  return cursor?.startsWith(PREFIX) ? cursor.slice(PREFIX.length) : undefined
}

/** Changes to the address that show all entries around one. */
export function contextChanges(params: URLSearchParams, { id, occurredAt }: LogEntry) {
  const atMs = Date.parse(occurredAt)
  const times = fixedChanges(atMs - SIDE_MS, atMs + SIDE_MS)
  return { ...withoutFilters(params), ...times, live: null, entry: id, cursor: PREFIX + id }
}
