import { MAX_DEPTH } from '@runnel/json'
import { isUtf8 } from 'node:buffer'
import { readHead, type Head } from './read-head.ts'

/** Deeper than any event may be, and bounded for those who read what was found. */
const MAX_MESSAGE_DEPTH = 2 * MAX_DEPTH
/** An entry is a list with a record in it. */
const MAX_ENTRY_DEPTH = MAX_DEPTH + 1

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
      if (this.#missing.length > MAX_MESSAGE_DEPTH) throw new RangeError(`deeper than ${MAX_MESSAGE_DEPTH}`)
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
export interface FoundValue {
  readonly end: number
  /** Whether all its texts are UTF-8. */
  readonly isWellFormed: boolean
  /** No event may be nested as deep. */
  readonly isTooDeep: boolean
}

/** @throws RangeError where there is no value, or not all of it */
export function findValue(bytes: Buffer, from: number): FoundValue {
  const head: Head = { bytes: 0, headBytes: 0, children: 0, isText: false }
  /** Of each value that is open, how many are missing in it. */
  const missing = [1]
  let at = from
  let isWellFormed = true
  let isTooDeep = false
  while (missing.length > 0) {
    if (!readHead(bytes, at, head) || at + head.bytes > bytes.length)
      throw new RangeError('the value has no end')
    if (head.isText && isWellFormed)
      isWellFormed = isUtf8(bytes.subarray(at + head.headBytes, at + head.bytes))
    at += head.bytes
    missing[missing.length - 1]!--
    if (head.children > 0) {
      if (missing.length <= MAX_ENTRY_DEPTH) missing.push(head.children)
      else {
        // Where it ends is known all the same: they are missed with what is beside it.
        isTooDeep = true
        missing[missing.length - 1]! += head.children
      }
    }
    while (missing.at(-1) === 0) missing.pop()
  }
  return { end: at, isWellFormed, isTooDeep }
}
