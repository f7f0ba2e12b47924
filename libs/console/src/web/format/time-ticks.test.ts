import { expect, test } from '@jest/globals'
import { timeTicks } from './time-ticks.ts'

test('ticks are round times of the reader within the range', () => {
  const start = new Date(2026, 0, 5, 7, 40).getTime()
  const { stepMs, ticksMs } = timeTicks(start, start + 24 * 3_600_000, 6)
  expect(stepMs).toBe(6 * 3_600_000)
  expect(ticksMs.map((ms) => new Date(ms).getHours())).toEqual([12, 18, 0, 6])
})

test('a range of any length has no more ticks than there is room for', () => {
  for (const span of [1, 999, 61_000, 5 * 3_600_000, 90 * 86_400_000, 9e12]) {
    expect(timeTicks(0, span, 6).ticksMs.length).toBeLessThanOrEqual(7)
  }
})

test('an empty range has none', () => {
  expect(timeTicks(5, 5, 6).ticksMs).toEqual([])
})
