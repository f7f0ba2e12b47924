import type { Change } from './cache-keys.ts'
import type { Remote } from './remote.ts'

/** Commands to Redis under way at a time: a large batch shall not delay reads beyond their timeout. */
const CHUNK = 200

/** Further changes are left out: the process's own fences and the 15 s bound cover them. */
const MAX_WAITING = 50_000

/**
 * Passes changes on to Redis in the order of their arrival, the newest version per key. The first chunk is sent at once,
 * ahead of every read that begins afterwards.
 */
export class FenceQueue {
  readonly #remote: Remote
  readonly #waiting = new Map<string, { change: Change; version: number }>()
  #busy = false

  constructor(remote: Remote) {
    this.#remote = remote
  }

  add(changes: readonly Change[], version: number): void {
    for (const change of changes) {
      const former = this.#waiting.get(change.fence)
      if (!former && this.#waiting.size >= MAX_WAITING) break
      this.#waiting.set(change.fence, { change, version: Math.max(version, former?.version ?? 0) })
    }
    if (!this.#busy) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#busy = true
    while (this.#waiting.size > 0) {
      const chunk = this.#take()
      await Promise.all(chunk.map(({ change, version }) => this.#remote.fence(change, version)))
    }
    this.#busy = false
  }

  #take(): { change: Change; version: number }[] {
    const chunk = []
    for (const [key, waiting] of this.#waiting) {
      if (chunk.length === CHUNK) break
      chunk.push(waiting)
      this.#waiting.delete(key)
    }
    return chunk
  }
}
