import { readJson } from '@runnel/json'
import { requireData } from '../../connection/problem.ts'
import type { Connection } from '../../connection/connect.ts'
import type { LogEntry } from './log-entry.ts'

export interface LogSearch {
  /** In the query language; empty: every entry. */
  readonly query: string
  readonly from: string
  readonly to: string
  readonly cursor?: string | undefined
  /** Most entries of all pages together. */
  readonly limit: number
}

/** A page of entries, the newest first, and how far the search is. */
export interface FoundPage {
  readonly items: readonly LogEntry[]
  /** Leads on; null where the search is at the end of its range. */
  readonly nextCursor: string | null
  /** Nothing older was looked at yet. */
  readonly searchedTo?: string
  /** Of a search that found nothing: when the newest entry was that matches. */
  readonly newestAt?: string | null
}

/** What one page may hold whatever PAGE_MAX_ITEMS says by default. */
const PAGE_ITEMS = 500

/**
 * Pages of a search, until there are enough entries or all are found. An entry's numbers keep every digit.
 *
 * @throws CliError
 */
export async function* searchPages(
  { query: client }: Pick<Connection, 'query'>,
  search: LogSearch,
): AsyncGenerator<FoundPage> {
  let { cursor, limit: missing } = search
  while (missing > 0) {
    const page = await readPage(client, { ...search, cursor, limit: Math.min(missing, PAGE_ITEMS) })
    yield page
    if (page.nextCursor === null) return
    cursor = page.nextCursor
    missing -= page.items.length
  }
}

async function readPage(client: Connection['query'], search: LogSearch): Promise<FoundPage> {
  const { query, from, to, cursor, limit } = search
  const answered = await client.GET('/api/v1/logs', {
    params: { query: { ...(query !== '' && { query }), from, to, limit, ...(cursor && { cursor }) } },
    parseAs: 'text',
  })
  return readJson(requireData(answered)) as unknown as FoundPage
}
