import { LRUCache } from 'lru-cache'
import type { Entry } from './entry.ts'

/** An entry in this process, with what decides on its use. */
export interface MemoryEntry extends Entry {
  /** What of {@link Fences.changedSince} makes it outdated: the moment before its load. */
  readonly moment: number
  readonly loadedMs: number
  readonly freshUntilMs: number
  /** While the loader fails: when to try it again. */
  retryAtMs: number
}

/** What an entry costs besides body and key: objects, map slots, array buffer. */
const OVERHEAD_BYTES = 400

/** Least recently used entries within a number of bytes. */
export class MemoryLayer {
  readonly #entries: LRUCache<string, MemoryEntry>

  constructor(maxBytes: number) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (entry, key) =>
        (entry.body?.length ?? 0) + entry.meta.length + 2 * key.length + OVERHEAD_BYTES,
    })
  }

  get bytes(): number {
    return this.#entries.calculatedSize
  }

  get(key: string): MemoryEntry | undefined {
    return this.#entries.get(key)
  }

  put(key: string, entry: MemoryEntry): void {
    this.#entries.set(key, { ...entry, body: entry.body && unshared(entry.body) })
  }

  drop(key: string): void {
    this.#entries.delete(key)
  }
}

/** A slice would keep alive the whole chunk that it was cut from: 64 KB of a socket for an entry of 200 bytes. */
function unshared(body: Buffer): Buffer {
  if (body.buffer.byteLength === body.length) return body
  const copy = Buffer.allocUnsafeSlow(body.length)
  body.copy(copy)
  return copy
}
