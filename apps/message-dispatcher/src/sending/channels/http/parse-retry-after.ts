import { MAX_RETRY_AFTER_MS } from '../channel.ts'

/** The three forms of HTTP dates all begin with a weekday; without that, Date.parse would take nearly anything. */
const WEEKDAY = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/

/**
 * @param value header Retry-After: seconds, or an HTTP date
 * @param date header Date of the same answer: against it no clocks have to agree
 * @param nowMs where there is no such header
 * @returns milliseconds from now, 0 to MAX_RETRY_AFTER_MS; undefined for what is neither
 */
export function parseRetryAfter(
  value: string | undefined,
  date: string | undefined,
  nowMs: number,
): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, MAX_RETRY_AFTER_MS)
  const thenMs = parseDate(text)
  if (thenMs === undefined) return undefined
  const fromMs = (date === undefined ? undefined : parseDate(date.trim())) ?? nowMs
  return Math.min(Math.max(0, Math.ceil(thenMs - fromMs)), MAX_RETRY_AFTER_MS)
}

function parseDate(text: string): number | undefined {
  if (!WEEKDAY.test(text)) return undefined
  // asctime() has no zone, and means GMT as well.
  const ms = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(ms) ? undefined : ms
}
