import { countLookups, type Outcome } from './count-lookups.ts'
import type { Cache, CacheOptions, Found, Loader } from './cache.ts'
import { toEntry, type Entry, type Loaded } from './entry.ts'
import { FenceQueue } from './fence-queue.ts'
import { Fences } from './fences.ts'
import type { CacheKey, Change } from './cache-keys.ts'
import { JITTER, KEPT_MS, LOADER_PATIENCE_MS, LOADER_PAUSE_MS, NEGATIVE_MS } from './cache-limits.ts'
import { MemoryLayer, type MemoryEntry } from './memory-layer.ts'
import type { Remote, RemoteRead } from './remote.ts'
import { withPatience } from './with-patience.ts'

/** Fences that a process remembers; see {@link Fences} for what happens beyond. */
const MAX_FENCES = 100_000

/** One run of a loader. */
interface Flight {
  readonly moment: number
  readonly begunMs: number
  readonly found: Promise<Found>
}

/** An entry that is never fresh. */
const OUTDATED = -1

class LayeredCache implements Cache {
  readonly #now: () => number
  readonly #random: () => number
  readonly #patienceMs: number
  readonly #memory: MemoryLayer
  readonly #remote: Remote | undefined
  readonly #remoteFences: FenceQueue | undefined
  readonly #fences: Fences
  readonly #flights = new Map<string, Flight>()
  readonly #count: (outcome: Outcome) => void

  constructor(options: CacheOptions) {
    this.#now = options.now ?? (() => performance.now())
    this.#random = options.random ?? Math.random
    this.#patienceMs = options.loaderPatienceMs ?? LOADER_PATIENCE_MS
    this.#memory = new MemoryLayer(options.maxBytes)
    this.#remote = options.remote
    this.#remoteFences = options.remote && new FenceQueue(options.remote)
    this.#fences = new Fences(this.#now, MAX_FENCES)
    this.#count = countLookups(options.metrics, () => this.#memory.bytes)
  }

  peek(key: CacheKey): Entry | undefined {
    const entry = this.#memory.get(key.entry)
    if (!entry || !this.#isFresh(key, entry)) return undefined
    this.#count('memory.hit')
    return entry
  }

  async get(key: CacheKey, load: Loader): Promise<Found> {
    const fresh = this.peek(key)
    if (fresh) return { entry: fresh, status: 'hit' }
    const old = this.#standIn(key)
    if (old && this.#now() < old.retryAtMs) return this.#stale(old)
    this.#count('memory.miss')
    const flight = this.#joinable(key) ?? this.#takeOff(key, load)
    const patienceMs = flight.begunMs + this.#patienceMs - this.#now()
    try {
      return await withPatience(flight.found, patienceMs, () => this.#standIn(key) !== undefined)
    } catch (error) {
      const standIn = this.#standIn(key)
      if (!standIn) throw error
      standIn.retryAtMs = this.#now() + LOADER_PAUSE_MS
      return this.#stale(standIn)
    }
  }

  changed(changes: readonly Change[], version: number): void {
    for (const { fence, entry } of changes) {
      this.#fences.raise(fence, version)
      if (entry !== undefined) this.#memory.drop(entry)
    }
    this.#remoteFences?.add(changes, Math.floor(version))
  }

  missedChanges(): void {
    this.#fences.raiseAll()
  }

  beginBulkLoad(): (key: CacheKey, loaded: Loaded) => void {
    const moment = this.#fences.moment()
    const begunMs = this.#now()
    return (key, loaded) => this.#keep(key, toEntry(loaded), moment, begunMs)
  }

  #isFresh(key: CacheKey, entry: MemoryEntry): boolean {
    return this.#now() < entry.freshUntilMs && !this.#fences.changedSince(key.fence, entry.moment)
  }

  /** What may be served while the loader fails. */
  #standIn(key: CacheKey): MemoryEntry | undefined {
    const entry = this.#memory.get(key.entry)
    if (!entry || entry.body === null || this.#now() - entry.loadedMs >= KEPT_MS) return undefined
    return entry
  }

  #stale(entry: MemoryEntry): Found {
    this.#count('memory.stale')
    return { entry, status: 'stale' }
  }

  /** A flight that began before a change may bring what was there before it: a later request starts a new one. */
  #joinable(key: CacheKey): Flight | undefined {
    const flight = this.#flights.get(key.entry)
    return flight && !this.#fences.changedSince(key.fence, flight.moment) ? flight : undefined
  }

  #takeOff(key: CacheKey, load: Loader): Flight {
    const moment = this.#fences.moment()
    const begunMs = this.#now()
    const flight: Flight = { moment, begunMs, found: this.#fly(key, load, moment, begunMs) }
    this.#flights.set(key.entry, flight)
    const land = () => {
      if (this.#flights.get(key.entry) === flight) this.#flights.delete(key.entry)
    }
    flight.found.then(land, land)
    return flight
  }

  async #fly(key: CacheKey, load: Loader, moment: number, begunMs: number): Promise<Found> {
    const read = await this.#remote?.read(key)
    const adopted = this.#adopt(key, read, moment, begunMs)
    if (adopted) return { entry: adopted, status: 'hit' }
    const loadBegunMs = this.#now()
    const entry = toEntry(await this.#counted(load))
    this.#keep(key, entry, moment, loadBegunMs)
    if (read) this.#share(key, entry, read, moment)
    return { entry, status: 'miss' }
  }

  /** @param read the look into Redis before the load: without its ticket the age of the load would be unknown there */
  #share(key: CacheKey, entry: Entry, read: RemoteRead, moment: number): void {
    const { body } = entry
    if (body === null) {
      // What Redis still holds would come back when the loader fails.
      if (read.found) void this.#remote?.fence(key, entry.version)
    } else if (!this.#fences.changedSince(key.fence, moment)) {
      void this.#remote?.fill(key, { ...entry, body }, read.ticketMs)
    }
  }

  async #counted(load: Loader): Promise<Loaded> {
    try {
      const loaded = await load()
      this.#count(loaded.body === null ? 'loader.miss' : 'loader.hit')
      return loaded
    } catch (error) {
      this.#count('loader.failed')
      throw error
    }
  }

  /** @returns what Redis brought, if it is fresh; what is not is kept as a stand-in */
  #adopt(key: CacheKey, read: RemoteRead | undefined, moment: number, begunMs: number): Entry | undefined {
    if (!read?.found) {
      if (this.#remote) this.#count(read ? 'redis.miss' : 'redis.skipped')
      return undefined
    }
    const { entry, ageMs } = read.found
    const outdated = read.found.superseded || this.#fences.covers(key.fence, entry.version)
    this.#keep(key, entry, outdated ? OUTDATED : moment, begunMs - ageMs)
    const kept = this.#memory.get(key.entry)
    const fresh = kept !== undefined && kept.version === entry.version && this.#isFresh(key, kept)
    this.#count(fresh ? 'redis.hit' : 'redis.stale')
    return fresh ? kept : undefined
  }

  /** A change that came since `moment` forbids it; a list may still stand in while the loader fails. */
  #keep(key: CacheKey, entry: Entry, moment: number, loadedMs: number): void {
    const outdated = this.#fences.changedSince(key.fence, moment)
    if (outdated && key.scope === 'one') return
    const former = this.#memory.get(key.entry)
    if (former && former.loadedMs > loadedMs) return
    const longestMs = entry.body === null ? Math.min(NEGATIVE_MS, entry.lifetimeMs) : entry.lifetimeMs
    const lifetimeMs = longestMs * (1 - JITTER * this.#random())
    this.#memory.put(key.entry, {
      ...entry,
      moment,
      loadedMs,
      freshUntilMs: loadedMs + lifetimeMs,
      retryAtMs: 0,
    })
  }
}

export function createCache(options: CacheOptions): Cache {
  return new LayeredCache(options)
}
