import {
  isScanned,
  type EventPage,
  type EventPosition,
  type LogFilter,
  type PageOptions,
  type StoredLog,
} from '@runnel/repositories-events'
import type { EventCursor } from '../params/event-cursor.ts'
import type { Store } from '../store.ts'
import { runSlice } from './run-slice.ts'
import { SlicePace, type SearchBudget } from './slice-pace.ts'

type SearchStore = Pick<Store, 'listLogs' | 'findLogSliceEnd'>

export interface FoundLogs extends EventPage<StoredLog> {
  /** The last entry that was looked at, where the time was over before the page was full. */
  readonly searchedTo?: EventPosition | undefined
}

/**
 * A page of entries, looked for in one slice of the range after the other. When the time is over, the page has what was found by
 * then. At least one slice is looked at, so that who goes on from where a page ended comes to the end of the range.
 *
 * @throws AppError
 */
export async function searchLogs(
  store: SearchStore,
  filter: LogFilter,
  options: PageOptions,
  budget: SearchBudget,
): Promise<FoundLogs> {
  if (!isScanned(filter)) return store.listLogs(filter, options)
  const pace = new SlicePace(budget)
  const page = new GrowingPage(options)
  let from: EventCursor = { after: options.after, before: options.before }
  let searchedTo: EventPosition | undefined
  for (;;) {
    const slice = await runSlice(pace, searchedTo === undefined, async (rows) => {
      const through = await store.findLogSliceEnd(filter, from, rows)
      return { through, ...(await store.listLogs(filter, { ...page.left(), ...from, through })) }
    })
    if (slice === undefined) return { items: page.items, more: true, searchedTo }
    if (!page.add(slice.items) || slice.more) return { items: page.items, more: true }
    if (slice.through === undefined) return { items: page.items, more: false }
    searchedTo = slice.through
    from = options.before ? { before: searchedTo } : { after: searchedTo }
    if (!pace.next()) return { items: page.items, more: true, searchedTo }
  }
}

/** A page that slices fill. */
class GrowingPage {
  items: StoredLog[] = []
  readonly #options: PageOptions
  #bytes = 0

  constructor(options: PageOptions) {
    this.#options = options
  }

  /** What still fits; at least one entry, which shows whether there are more. */
  left(): Pick<PageOptions, 'limit' | 'maxBytes'> {
    const { limit, maxBytes } = this.#options
    return { limit: Math.max(1, limit - this.items.length), maxBytes: Math.max(1, maxBytes - this.#bytes) }
  }

  /** @param found the newest first. @returns whether all of them fit */
  add(found: readonly StoredLog[]): boolean {
    const { before, limit, maxBytes } = this.#options
    const fitting: StoredLog[] = []
    for (const item of before ? found.toReversed() : found) {
      const bytes = Buffer.byteLength(item.dataText) + Buffer.byteLength(item.message ?? '')
      const count = this.items.length + fitting.length
      if (count === limit || (count > 0 && this.#bytes + bytes > maxBytes)) break
      this.#bytes += bytes
      fitting.push(item)
    }
    this.items = before ? [...fitting.toReversed(), ...this.items] : [...this.items, ...fitting]
    return fitting.length === found.length
  }
}
