import type { Metrics } from '@runnel/observability'
import type { Remote } from './remote.ts'
import type { Entry, Loaded } from './entry.ts'
import type { CacheKey, Change } from './cache-keys.ts'

/** Reads from Postgres. Has to end on its own: by a statement timeout. */
export type Loader = () => Promise<Loaded>

/** `hit`: fresh; `miss`: the loader was asked; `stale`: it failed, and the entry is past its time. */
export interface Found {
  readonly entry: Entry
  readonly status: 'hit' | 'miss' | 'stale'
}

/**
 * In-process LRU, then Redis, then a loader. Glossary: an entry is *fresh* when it may be served without asking Postgres. A
 * *change* raises the *fence* of what it touches: nothing that was loaded before it counts as fresh from then on, in
 * this process and in Redis. A *flight* is one run of a loader that all requests for its key share.
 */
export interface Cache {
  /** A fresh entry of this process, at once. The hot path: no promise, no allocation. */
  peek(key: CacheKey): Entry | undefined

  /** @throws what the loader throws, where no entry can stand in for it */
  get(key: CacheKey, load: Loader): Promise<Found>

  /** Call for every change notice. @param version clock of the database after the commit, in milliseconds */
  changed(changes: readonly Change[], version: number): void

  /** Notices may have been missed: nothing in this process counts as fresh any more. */
  missedChanges(): void

  /** Call before a bulk load. @returns a function that keeps what it brought, in this process alone */
  beginBulkLoad(): (key: CacheKey, loaded: Loaded) => void
}

export interface CacheOptions {
  readonly metrics: Metrics
  /** Bound of the in-process layer. */
  readonly maxBytes: number
  /** The shared layer; without it there is one process, or every process stands alone. */
  readonly remote?: Remote
  /** Monotonic milliseconds. */
  readonly now?: () => number
  /** Evenly distributed in [0, 1). */
  readonly random?: () => number
  /** See cache-limits.ts. */
  readonly loaderPatienceMs?: number
}
