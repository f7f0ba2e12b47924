import type { LogEntry } from '../../api/logs.ts'
import { asMembers } from './span-details.ts'

/** Entries of a trace that were logged in one of its spans, the oldest first. */
export function logsOfSpan(entries: readonly LogEntry[], spanId: string): LogEntry[] {
  return entries.filter(({ data }) => spanIdOf(data) === spanId).reverse()
}

/**
 * What is said where no entry is of the span.
 *
 * @param lookedAt how many entries of the trace there were to look at
 * @param more exist, which were not looked at
 */
export function noLogsSentence(lookedAt: number, more: boolean): string {
  if (more) return `None of the newest ${lookedAt} entries of the trace around that time names this span.`
  return lookedAt === 0
    ? 'Nothing of this trace was logged around that time.'
    : 'No entry of the trace around that time names this span.'
}

/** Where loggers write it; the same places as those of trace ids. */
function spanIdOf(data: unknown): string | undefined {
  const entry = asMembers(data)
  return findSpanId(entry) ?? findSpanId(asMembers(entry['attributes']))
}

function findSpanId(members: Readonly<Record<string, unknown>>): string | undefined {
  const nested = asMembers(members['span'])['id']
  const found = [members['spanId'], members['span_id'], members['span.id'], nested].find(
    (id) => typeof id === 'string',
  )
  return (found as string | undefined)?.toLowerCase()
}
