import type { SendMailing } from '@runnel/repositories-mailings'
import { LRUCache } from 'lru-cache'

/** Messages in a row whose text cannot be rendered: beyond this, the next ones would fail as well. */
const MAX_FAILURES = 20

/** Each of them takes the time of thousands of others. */
const MAX_SLOW_FAILURES = 3

/** Mailings that are counted; the others begin anew. */
const MAX_MAILINGS = 1000

interface Count {
  readonly version: number
  failures: number
}

/** Counts texts that could not be rendered, one after the other, of each version of a mailing. */
export class TextFailures {
  readonly #counts = new LRUCache<number, Count>({ max: MAX_MAILINGS })

  /** @returns whether the mailing has to rest */
  add({ id, version }: Pick<SendMailing, 'id' | 'version'>, reason: string): boolean {
    const known = this.#counts.get(id)
    const count = known?.version === version ? known : { version, failures: 0 }
    count.failures += 1
    this.#counts.set(id, count)
    return count.failures >= (reason === 'template_too_slow' ? MAX_SLOW_FAILURES : MAX_FAILURES)
  }

  /** A text was rendered. */
  forget({ id }: Pick<SendMailing, 'id'>): void {
    this.#counts.delete(id)
  }
}
