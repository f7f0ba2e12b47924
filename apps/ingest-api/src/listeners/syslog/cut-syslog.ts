import type { ByteQueue } from '../byte-queue.ts'
import type { Frame, FrameCutter } from '../frame.ts'

const [NUL, LF, CR, BLANK, LESS, ZERO, NINE] = [0x00, 0x0a, 0x0d, 0x20, 0x3c, 0x30, 0x39]

/** Digits of a length: no frame of ten million bytes is ever taken. */
const MAX_DIGITS = 8

/**
 * Both ways of RFC 6587 to send messages over a connection, recognised anew at each frame, for relays mix them: a length before
 * the message, `47 <158>...`, or a line feed behind it. NUL ends a message as well, alone or before the line feed; no message can
 * hold one.
 */
export class CutSyslog implements FrameCutter {
  readonly #maxBytes: number
  /** Bytes of a counted frame that are still thrown away. */
  #skipBytes = 0
  /** The rest of a line is thrown away. */
  #skipsLine = false
  /** Bytes of the line so far that hold no NUL. */
  #withoutNul = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get isSkipping(): boolean {
    return this.#skipsLine || this.#skipBytes > 0
  }

  next(queue: ByteQueue): Frame | undefined {
    if (this.#skipBytes > 0) this.#skip(queue)
    if (!this.#skipsLine) dropBetween(queue)
    if (queue.length === 0) return undefined
    const count = this.#skipsLine ? undefined : readCount(queue.bytes)
    if (count === 'incomplete') return undefined
    return count === undefined ? this.#nextLine(queue) : this.#nextCounted(queue, count)
  }

  last(rest: Buffer): Frame | undefined {
    if (this.#skipsLine || rest.length === 0) return undefined
    return typeof readCount(rest) === 'object' ? 'incomplete' : rest
  }

  #nextCounted(queue: ByteQueue, { headBytes, bytes }: Count): Frame | undefined {
    if (bytes > this.#maxBytes) {
      queue.consume(headBytes)
      this.#skipBytes = bytes
      this.#skip(queue)
      return 'too_large'
    }
    if (queue.length < headBytes + bytes) return undefined
    queue.consume(headBytes)
    return queue.take(bytes)
  }

  #nextLine(queue: ByteQueue): Frame | undefined {
    const lf = queue.find(LF)
    const nul = queue.bytes.subarray(this.#withoutNul, lf < 0 ? queue.length : lf).indexOf(NUL)
    const end = nul < 0 ? lf : this.#withoutNul + nul
    this.#withoutNul = end < 0 ? queue.length : 0
    if (end < 0) return this.#cutOff(queue)
    const line = queue.take(end)
    queue.consume(1)
    const isRest = this.#skipsLine
    this.#skipsLine = false
    if (isRest) return this.next(queue)
    return line.length > this.#maxBytes ? 'too_large' : line
  }

  #cutOff(queue: ByteQueue): Frame | undefined {
    if (!this.#skipsLine && queue.length <= this.#maxBytes) return undefined
    queue.consume(queue.length)
    this.#withoutNul = 0
    if (this.#skipsLine) return undefined
    this.#skipsLine = true
    return 'too_large'
  }

  #skip(queue: ByteQueue): void {
    const skipped = Math.min(this.#skipBytes, queue.length)
    queue.consume(skipped)
    this.#skipBytes -= skipped
  }
}

/** What ends messages, and is left over from it. */
function dropBetween(queue: ByteQueue): void {
  const { bytes } = queue
  let count = 0
  while (count < bytes.length && (bytes[count] === LF || bytes[count] === NUL || bytes[count] === CR)) count++
  if (count > 0) queue.consume(count)
}

interface Count {
  /** Bytes of the length and the blank behind it. */
  readonly headBytes: number
  readonly bytes: number
}

/**
 * A length counts only where a message stands behind it: lines without a priority may begin with digits.
 *
 * @returns undefined for a line, `incomplete` where that cannot be said yet
 */
function readCount(bytes: Buffer): Count | 'incomplete' | undefined {
  let at = 0
  let count = 0
  for (; at < bytes.length && at < MAX_DIGITS && isDigit(bytes[at]!); at++)
    count = 10 * count + bytes[at]! - ZERO
  if (at === 0 || bytes[0] === ZERO) return undefined
  if (at === bytes.length) return 'incomplete'
  if (bytes[at] !== BLANK) return undefined
  if (at + 1 === bytes.length) return 'incomplete'
  return bytes[at + 1] === LESS ? { headBytes: at + 1, bytes: count } : undefined
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}
