import { AppError, parseTimestamp } from '@runnel/contracts'
import type { TimeRange } from '@runnel/repositories-events'

const DAY_MS = 86_400_000

interface RangeParams {
  readonly from?: string
  readonly to?: string
}

/**
 * The last 24 hours, unless either end is given. Without `to` the range is open: a client's clock may be ahead.
 *
 * @throws AppError invalid_field
 */
export function parseRange({ from, to }: RangeParams, nowMs: number): TimeRange {
  const toMs = to === undefined ? undefined : parseTime(to, 'to')
  const fromMs =
    from === undefined
      ? parseTime(new Date((toMs ?? nowMs) - DAY_MS).toISOString(), 'to')
      : parseTime(from, 'from')
  if (toMs !== undefined && fromMs >= toMs) {
    throw new AppError('invalid_field', 'The range is empty: from has to be before to', {
      field: 'from',
      expected: 'a time before to',
    })
  }
  return { fromMs, toMs }
}

/** A range with both ends, for what is divided into steps. @throws AppError invalid_field */
export function parseClosedRange(params: RangeParams, nowMs: number): Required<TimeRange> & { toMs: number } {
  const { fromMs, toMs = Math.max(nowMs, fromMs) + 1 } = parseRange(params, nowMs)
  return { fromMs, toMs }
}

/** A few digits are seconds here: a year alone is no time that a reader asks for. */
const SECONDS = /^-?\d{1,8}(\.\d{1,9})?$/

function parseTime(value: string, field: string): number {
  const timeMs = parseTimestamp(SECONDS.test(value) ? Number(value) : value)
  if (timeMs === undefined) {
    throw new AppError(
      'invalid_field',
      `${field} is not a valid time: expected one of the years 1 to 9999, e.g. 2026-01-31T12:00:00Z`,
      {
        field,
        expected:
          'RFC 3339 text (UTC where it names no zone), or a number of seconds, ms, us or ns since 1970',
      },
    )
  }
  return timeMs
}
