import { calendarDayMs } from './calendar-day.ts'

/** `2026-03-31T18:00:00Z` */
const SHORTEST = 20

const [ZERO, NINE, DASH, COLON, POINT, UPPER_T, UPPER_Z] = [0x30, 0x39, 0x2d, 0x3a, 0x2e, 0x54, 0x5a]

/**
 * The form of nearly all times that machines write: `2026-03-31T18:00:00.123456789Z`, with any number of decimals or none. Read without
 * an expression it takes a fifth of the time.
 *
 * @returns milliseconds since 1970; undefined of every other form, and of a time that may be none
 */
export function readUtcTime(text: string): number | undefined {
  const end = text.length - 1
  if (text.length < SHORTEST || text.charCodeAt(end) !== UPPER_Z) return undefined
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH || text.charCodeAt(10) !== UPPER_T)
    return undefined
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined
  const hours = toNumber(text, 11)
  const minutes = toNumber(text, 14)
  const seconds = toNumber(text, 17)
  // 24:00 and leap seconds have rules of their own.
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return undefined
  const day = calendarDayMs(toNumber(text, 0) * 100 + toNumber(text, 2), toNumber(text, 5), toNumber(text, 8))
  const time = day + (hours * 3600 + minutes * 60 + seconds) * 1000 + fractionMs(text, 19, end)
  return Number.isNaN(time) ? undefined : time
}

/** @returns NaN where it is no point with digits; digits behind the millisecond count nothing */
function fractionMs(text: string, start: number, end: number): number {
  if (start === end) return 0
  if (text.charCodeAt(start) !== POINT || end - start < 2) return NaN
  let ms = 0
  let worth = 100
  for (let i = start + 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code < ZERO || code > NINE) return NaN
    ms += (code - ZERO) * worth
    worth = Math.floor(worth / 10)
  }
  return ms
}

/** Of two digits. @returns NaN where they are none */
function toNumber(text: string, at: number): number {
  const tens = text.charCodeAt(at)
  const ones = text.charCodeAt(at + 1)
  if (tens < ZERO || tens > NINE || ones < ZERO || ones > NINE) return NaN
  return (tens - ZERO) * 10 + ones - ZERO
}
