import { expect, test } from '@jest/globals'
import { formatAgo, formatClock, formatDateTime, formatTick, zoneName } from './time.ts'

const AT = new Date(2026, 0, 5, 7, 8, 9, 42).getTime()

test('a moment is shown in the zone of the reader, to the second or the millisecond', () => {
  expect([formatDateTime(AT), formatClock(AT, true)]).toEqual(['2026-01-05 07:08:09', '07:08:09.042'])
})

test.each([
  [0, 'just now'],
  [59_000, '59 s ago'],
  [3_599_000, '59 min ago'],
  [30 * 3_600_000, '30 h ago'],
  [72 * 3_600_000, '3 d ago'],
  [-7_200_000, 'in 2 h'],
])('%p ms before now is "%s"', (ms, text) => {
  expect(formatAgo(AT - ms, AT)).toBe(text)
})

test.each([
  [1000, '07:08:09'],
  [60_000, '07:08'],
  [86_400_000, '01-05'],
])('ticks that are %p ms apart say no more than tells them apart', (stepMs, text) => {
  expect(formatTick(AT, stepMs)).toBe(text)
})

test('the zone has a name with its distance from UTC', () => {
  expect(zoneName(AT)).toMatch(/^UTC([+-]\d\d:\d\d)?$/)
})
