import { toPiece, type ByteWriter } from './byte-writer.ts'

const NANO_DIGITS = 9
const NANOS_PER_SECOND = 1_000_000_000
const HALF = 0x1_0000_0000
const QUARTER = 0x1_0000

/** The times of the last two texts: points of a metric have the same two, a time and a start. */
let last = { low: 0, high: 0, text: '' }
let beforeLast = last
/** Most records of a request are of the same second. */
let lastSecond = 0
let lastSecondText = textOfSecond(0)
/** The last two of them as bytes: a point has two times. */
let lastPiece = { second: 0, bytes: toPiece(lastSecondText) }
let pieceBefore = lastPiece

const UTC = 0x5a
const ZERO = 0x30

/**
 * @param nanos since 1970, of 64 bits
 * @returns RFC 3339 text in UTC with nine decimals, undefined for 0: it stands for an unknown time
 */
export function timeOfNanos(nanos: bigint): string | undefined {
  return timeOfHalves(Number(nanos & 0xffff_ffffn), Number(nanos >> 32n))
}

/**
 * @param low the lower 32 bits, an integer from 0
 * @param high the upper 32 bits
 */
function timeOfHalves(low: number, high: number): string | undefined {
  if (low === 0 && high === 0) return undefined
  if (low === last.low && high === last.high) return last.text
  if (low === beforeLast.low && high === beforeLast.high) return beforeLast.text
  beforeLast = last
  last = { low, high, text: writeHalves(low, high) }
  return last.text
}

/** The same of a time that is known, as bytes. */
export function putTimeOfHalves(out: ByteWriter, low: number, high: number): void {
  divide(low, high)
  out.put(pieceOfSecond(quotient.second))
  out.putDigits(quotient.nanos, NANO_DIGITS)
  out.putByte(UTC)
}

/** The same of nanoseconds that are digits, ten or more of them. @param to behind the last one */
export function putTimeOfDigits(out: ByteWriter, digits: Buffer, from: number, to: number): void {
  let second = 0
  for (let i = from; i < to - NANO_DIGITS; i++) second = second * 10 + digits[i]! - ZERO
  out.put(pieceOfSecond(second))
  out.putRange(digits, to - NANO_DIGITS, to)
  out.putByte(UTC)
}

function pieceOfSecond(second: number): Uint8Array {
  if (second === lastPiece.second) return lastPiece.bytes
  const known = second === pieceBefore.second ? pieceBefore : { second, bytes: toPiece(textOfSecond(second)) }
  pieceBefore = lastPiece
  lastPiece = known
  return known.bytes
}

function writeHalves(low: number, high: number): string {
  divide(low, high)
  return writeTime(quotient.second, `${quotient.nanos}`.padStart(NANO_DIGITS, '0'))
}

/** Of the last division: an object for each would be most of what it takes. */
const quotient = { second: 0, nanos: 0 }

/** A long division by sixteen bits at a time: what is left of each is below 2^30, so that every step is exact as a double. */
function divide(low: number, high: number): void {
  const first = Math.floor(high / NANOS_PER_SECOND)
  const upper = (high - first * NANOS_PER_SECOND) * QUARTER + (low >>> 16)
  const second = Math.floor(upper / NANOS_PER_SECOND)
  const lower = (upper - second * NANOS_PER_SECOND) * QUARTER + (low & 0xffff)
  const third = Math.floor(lower / NANOS_PER_SECOND)
  quotient.second = first * HALF + second * QUARTER + third
  quotient.nanos = lower - third * NANOS_PER_SECOND
}

function writeTime(second: number, decimals: string): string {
  if (second !== lastSecond) {
    lastSecondText = textOfSecond(second)
    lastSecond = second
  }
  return `${lastSecondText}${decimals}Z`
}

function textOfSecond(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 20)
}
