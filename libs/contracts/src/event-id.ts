import { createHash, randomFillSync } from 'node:crypto'

/**
 * Event ids are UUIDv7 (RFC 9562): the first 48 bits are milliseconds since 1970, so that they sort by time, sit in
 * one day partition and need no separate `received_at`.
 */
const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** @returns whether the text is a UUIDv7 in its canonical, lower-case form */
export function isEventId(value: unknown): value is string {
  return typeof value === 'string' && EVENT_ID.test(value)
}

/** The time inside an id, in milliseconds since 1970. */
export function eventTimeMs(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) * 0x10000 + Number.parseInt(id.slice(9, 13), 16)
}

export type NextEventId = () => string

/**
 * Creates a generator of ids that rise within one process, also within one millisecond and when the clock steps
 * back (RFC 9562, method 1: a 12-bit counter in rand_a, seeded below its half, and 62 random bits).
 *
 * @param now milliseconds since 1970
 */
export function createEventIds(now: () => number = Date.now): NextEventId {
  const pool = new RandomPool()
  let lastMs = -1
  let counter = 0
  let prefix = ''
  return () => {
    const ms = now()
    if (ms > lastMs || counter === 0xfff) {
      lastMs = ms > lastMs ? ms : lastMs + 1
      counter = pool.next16() & 0x7ff
      const time = lastMs.toString(16).padStart(12, '0')
      prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`
    } else counter++
    return `${prefix}${(counter + 0x1000).toString(16).slice(1)}-${pool.nextTail()}`
  }
}

/** The id of a raw message: the same message always gets the same one, a re-created stream never collides. */
export function rawEventId(
  timestampMs: number,
  stream: string,
  sequence: number,
  timestampNs: bigint,
): string {
  const hash = createHash('sha256').update(`${stream}\n${sequence}\n${timestampNs}`).digest('hex')
  const time = Math.max(0, timestampMs).toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(hash[3]!, 16) & 0x3) | 0x8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`
}

const HEX16 = Array.from({ length: 0x10000 }, (_, i) => i.toString(16).padStart(4, '0'))

/** Random bits in blocks: one system call for a thousand ids, and a table look-up in place of formatting. */
class RandomPool {
  readonly #words = new Uint16Array(4096)
  #at = 4096

  next16(): number {
    if (this.#at >= this.#words.length) {
      randomFillSync(this.#words)
      this.#at = 0
    }
    return this.#words[this.#at++]!
  }

  /** `vrrr-rrrrrrrrrrrr`: the variant bits and 62 random ones. */
  nextTail(): string {
    const head = HEX16[(this.next16() & 0x3fff) | 0x8000]!
    return `${head}-${HEX16[this.next16()]!}${HEX16[this.next16()]!}${HEX16[this.next16()]!}`
  }
}
