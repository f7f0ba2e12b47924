import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { DebtBucket } from './debt-bucket.ts'

const Steps = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 3000 }), units: fc.integer({ min: 1, max: 200 }) }),
  { minLength: 1, maxLength: 100 },
)

test('a bucket lets no more through than its rate, one second and the last batch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), Steps, (perSecond, steps) => {
      const bucket = new DebtBucket(perSecond)
      let nowMs = 5000
      let passed = 0
      for (const { afterMs, units } of steps) {
        nowMs += afterMs
        if (bucket.waitMs(nowMs) > 0) continue
        // What was let through before this batch keeps to the rate, with one second's worth besides.
        expect(passed).toBeLessThanOrEqual((perSecond * (nowMs - 5000)) / 1000 + perSecond + 1e-6)
        bucket.take(units, nowMs)
        passed += units
      }
    }),
  )
})

test('a bucket lets through again after the wait that it names', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 100_000 }),
      (perSecond, units) => {
        const bucket = new DebtBucket(perSecond)
        bucket.take(units, 0)
        const waitMs = bucket.waitMs(0)
        expect(bucket.waitMs(waitMs + 1e-3)).toBe(0)
        if (waitMs > 1) expect(bucket.waitMs(waitMs - 1)).toBeGreaterThan(0)
        expect(bucket.left(waitMs + 1000)).toBe(perSecond)
      },
    ),
  )
})
