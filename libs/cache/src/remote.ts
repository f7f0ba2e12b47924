import type { Entry } from './entry.ts'
import type { CacheKey, Change } from './cache-keys.ts'

/** What a read from Redis returned. */
export interface RemoteRead {
  /** Redis's clock at the read: a fill with what is loaded from here on has to show it. */
  readonly ticketMs: number
  readonly found?: {
    readonly entry: Entry
    /** Milliseconds since it was loaded. */
    readonly ageMs: number
    /** A change came after it. */
    readonly superseded: boolean
  }
}

/** The layer that replicas share. Its methods never throw and never wait long: it is an optimisation. */
export interface Remote {
  /** @returns undefined where the layer is unreachable */
  read(key: CacheKey): Promise<RemoteRead | undefined>
  /** Stores an entry, unless a change that it may lack is known. No request waits for it. */
  fill(key: CacheKey, entry: Entry & { body: Buffer }, ticketMs: number): Promise<void>
  /** Refuses fills up to this version from now on, and drops the entry where the change names one. */
  fence(change: Change, version: number): Promise<void>
}
