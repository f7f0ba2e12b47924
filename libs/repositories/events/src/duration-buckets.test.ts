import { expect, it } from '@jest/globals'
import { durationBucket, durationQuantile, emptyDurations } from './duration-buckets.ts'

it.each([0, 1, 999, 1000, 1001, 1_000_000, 250_000_000, 1e12, 1e18])(
  'finds a duration of %d ns again, up to the width of its bucket',
  (ns) => {
    const durations = emptyDurations()
    durations[durationBucket(ns)]!++
    const found = durationQuantile(durations, 1)!
    expect(found).toBeGreaterThanOrEqual(Math.min(ns, 3e12))
    expect(found).toBeLessThanOrEqual(Math.max(1000, ns * 1.42))
  },
)

it('knows the quantiles of what was counted, and none of nothing', () => {
  const durations = emptyDurations()
  for (let ms = 1; ms <= 1000; ms++) durations[durationBucket(ms * 1e6)]!++
  for (const share of [0.5, 0.95, 0.99]) {
    const ratio = durationQuantile(durations, share)! / (share * 1e9)
    expect(ratio).toBeGreaterThan(0.7)
    expect(ratio).toBeLessThan(1.42)
  }
  expect(durationQuantile(emptyDurations(), 0.5)).toBeNull()
})
