import type { LogFilter } from '@runnel/repositories-events'
import { encodeEventCursor, type EventCursor } from '../params/event-cursor.ts'
import { searchLogs, type FoundLogs } from '../search/search-logs.ts'
import type { Store } from '../store.ts'
import type { LogFormat } from './log-formats.ts'

/**
 * One read. It is all that an export keeps in memory, and what is still read for a client that has gone. PostgreSQL puts what is much more
 * into a file, which a full disk has no room for.
 */
const PAGE = { limit: 1000, maxBytes: 1024 ** 2 }

/** Of one read, after which what was found is sent. */
const SEARCH_MS = 1000

export interface ExportOptions {
  readonly store: Pick<Store, 'listLogs' | 'findLogSliceEnd'>
  readonly filter: LogFilter
  readonly format: LogFormat
  /** Begins behind this place. */
  readonly from: EventCursor
  readonly maxItems: number
  /** Entries that the first slice of a read looks at. */
  readonly searchRows: number
}

/**
 * A file of entries, the newest first, page by page: the next one is read once the client has taken the one before. Ends
 * with a line that says so where there are more entries than it may hold.
 *
 * @returns once the first page was read, so that a filter that is too slow is answered as one
 * @throws AppError
 */
export async function exportLogs(options: ExportOptions): Promise<AsyncGenerator<string>> {
  const first = await readPage(options, options.maxItems, options.from)
  return writePages(options, first)
}

async function* writePages(options: ExportOptions, first: FoundLogs): AsyncGenerator<string> {
  const { format, maxItems } = options
  let page = first
  let written = 0
  yield format.head
  for (;;) {
    written += page.items.length
    yield page.items.map(format.line).join('')
    const last = page.searchedTo ?? page.items.at(-1)
    if (!page.more || !last) return
    if (written >= maxItems) return yield format.truncated(written, encodeEventCursor({ after: last }))
    page = await readPage(options, maxItems - written, { after: last })
  }
}

function readPage({ store, filter, searchRows }: ExportOptions, left: number, from: EventCursor) {
  const page = { ...PAGE, ...from, limit: Math.min(PAGE.limit, left) }
  return searchLogs(store, filter, page, { ms: SEARCH_MS, rows: searchRows })
}
