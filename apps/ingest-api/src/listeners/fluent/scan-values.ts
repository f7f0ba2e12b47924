import { isUtf8 } from 'node:buffer'
import { readHead, type Head } from './read-head.ts'

/** Deeper than any event may be, and bounded for those who read what was found. */
const MAX_DEPTH = 128

/**
 * Finds the end of a value of MessagePack, which has no length before it, while its bytes come in: each is looked at once.
 */
export class ValueScanner {
  /** Bytes that the value has at least. */
  position = 0
  readonly #head: Head = { bytes: 0, headBytes: 0, children: 0, isText: false }
  /** Of each value that is open, how many are missing in it. */
  readonly #missing: number[] = [1]

  /**
   * @param bytes from the beginning of the value on
   * @returns where it ends, and the next one begins; undefined: more has to come first
   * @throws RangeError where there is no value, or it is nested too deeply
   */
  scan(bytes: Buffer): number | undefined {
    while (this.#missing.length > 0) {
      if (!readHead(bytes, this.position, this.#head)) return undefined
      this.position += this.#head.bytes
      this.#missing[this.#missing.length - 1]!--
      if (this.#head.children > 0) this.#missing.push(this.#head.children)
      if (this.#missing.length > MAX_DEPTH) throw new RangeError(`deeper than ${MAX_DEPTH}`)
      while (this.#missing.at(-1) === 0) this.#missing.pop()
    }
    if (bytes.length < this.position) return undefined
    const end = this.position
    this.position = 0
    this.#missing.push(1)
    return end
  }
}

/** A value in bytes that are all there. */
interface FoundValue {
  readonly end: number
  /** Whether all its texts are UTF-8. */
  readonly isWellFormed: boolean
}

/** @throws RangeError where there is no value, or not all of it */
export function findValue(bytes: Buffer, from: number): FoundValue {
  const head: Head = { bytes: 0, headBytes: 0, children: 0, isText: false }
  let at = from
  let isWellFormed = true
  for (let missing = 1; missing > 0; missing--) {
    if (!readHead(bytes, at, head) || at + head.bytes > bytes.length)
      throw new RangeError('the value has no end')
    if (head.isText && isWellFormed)
      isWellFormed = isUtf8(bytes.subarray(at + head.headBytes, at + head.bytes))
    missing += head.children
    at += head.bytes
  }
  return { end: at, isWellFormed }
}
