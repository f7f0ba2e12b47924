import { isScanned, type EventPosition, type LogFilter, type PageOptions } from '@runnel/repositories-events'
import { runSlice } from './run-slice.ts'
import { SlicePace } from './slice-pace.ts'
import type { Store } from '../store.ts'

/**
 * One read. PostgreSQL puts what is much more into a file, which a full disk has no room for.
 */
const PAGE = { limit: 1000, maxBytes: 1024 ** 2 }

/** What a walk has to know of a page. */
interface WalkedPage {
  readonly last: EventPosition | undefined
  /** More of them follow. */
  readonly more: boolean
}

export interface LogWalkOptions<Page extends WalkedPage> {
  readonly store: Pick<Store, 'findLogSliceEnd'>
  /** Reads a page of what matches. */
  readonly readPage: (page: PageOptions) => Promise<Page>
  readonly filter: LogFilter
  /** Entries that the first slice looks at. */
  readonly searchRows: number
  /** Begins behind this entry. */
  readonly after: EventPosition | undefined
}

/**
 * Reads everything that matches, the newest first, page by page. The range is divided into slices as for a search, so that no read looks at
 * more than it can in time; a slice mostly has many pages, for looking up where it ends costs as much as one.
 */
export class LogWalk<Page extends WalkedPage> {
  readonly #options: LogWalkOptions<Page>
  readonly #pace: SlicePace
  #after: EventPosition | undefined
  /** What is being read; without an end, up to that of the range. */
  #slice: { readonly rows: number; readonly through: EventPosition | undefined } | undefined
  /** Spent on reads. */
  #readMs = 0
  #isAtEnd = false

  constructor(options: LogWalkOptions<Page>) {
    this.#options = options
    this.#after = options.after
    this.#pace = new SlicePace({ ms: Infinity, rows: options.searchRows, now: () => this.#readMs })
    if (!isScanned(options.filter)) this.#slice = { rows: this.#pace.rows, through: undefined }
  }

  /** There is nothing more. */
  get isAtEnd(): boolean {
    return this.#isAtEnd
  }

  /** Where the next page begins. */
  get after(): EventPosition | undefined {
    return this.#after
  }

  /**
   * The next page. It may be empty before the end.
   *
   * @param limit entries of the page
   * @throws AppError
   */
  async read(limit: number): Promise<Page> {
    const startedMs = performance.now()
    const page = await runSlice(this.#pace, true, (rows) => this.#readSlice(rows, limit))
    this.#readMs += performance.now() - startedMs
    const { last, more } = page!
    const { through } = this.#slice!
    this.#after = more ? last : (through ?? last ?? this.#after)
    if (more) return page!
    this.#isAtEnd = through === undefined
    this.#slice = undefined
    this.#pace.next()
    return page!
  }

  /** @param rows fewer than before where a read was too slow: then the slice is a shorter one */
  async #readSlice(rows: number, limit: number): Promise<Page> {
    const { store, filter, readPage } = this.#options
    const after = this.#after
    if (this.#slice?.rows !== rows)
      this.#slice = { rows, through: await store.findLogSliceEnd(filter, { after }, rows) }
    const { through } = this.#slice
    return readPage({ ...PAGE, limit: Math.min(PAGE.limit, limit), after, through })
  }
}
