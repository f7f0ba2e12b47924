import { parseTimestamp } from '@runnel/contracts'
import { InvalidArgumentError } from 'commander'

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}
const FROM_NOW = /^(?:now)?([+-])(\d{1,6})([smhdw])$/
const EPOCH = /^\d{10}(?:\d{3})?$/

export const TIME_HELP =
  'now, -15m, -2h, +7d, or a time such as 2030-01-31T12:00:00Z (UTC where it names no zone)'

/**
 * @returns an option parser that gives the time as RFC 3339
 * @throws InvalidArgumentError
 */
export function timeOption(nowMs: () => number): (text: string) => string {
  return (text) => {
    const ms = toMs(text.trim(), nowMs)
    if (ms === undefined) throw new InvalidArgumentError(`expected ${TIME_HELP}`)
    return new Date(ms).toISOString()
  }
}

function toMs(text: string, nowMs: () => number): number | undefined {
  if (text === 'now') return nowMs()
  const [, sign, number, unit = ''] = FROM_NOW.exec(text) ?? []
  if (number !== undefined) return nowMs() + Number(`${sign}${number}`) * UNIT_MS[unit]!
  return parseTimestamp(EPOCH.test(text) ? Number(text) : text)
}
