import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_RETRY_DELAY_MS, retryDelayMs } from './retry-delay.ts'

const latest = (attempts: number) => retryDelayMs(attempts, { random: () => 1 })

describe('retryDelayMs', () => {
  it('doubles its bound with every attempt, up to ten minutes', () => {
    expect([1, 2, 3, 10, 11, 12, 5000].map(latest)).toEqual([
      1000, 2000, 4000, 512_000, 600_000, 600_000, 600_000,
    ])
  })

  it('has a lower bound where one is asked for', () => {
    expect([1, 2, 3, 10].map((attempts) => retryDelayMs(attempts, { maxMs: 3000, random: () => 1 }))).toEqual(
      [1000, 2000, 3000, 3000],
    )
  })

  it('takes anything between nothing and the bound', () => {
    const delays = [0, 0.25, 0.999].map((share) => retryDelayMs(4, { random: () => share }))
    expect(delays).toEqual([0, 2000, 7992])
  })

  it('never comes before Retry-After, and spreads those that were given the same', () => {
    const after = (share: number) => retryDelayMs(1, { retryAfterMs: 30_000, random: () => share })
    expect([after(0), after(0.5), after(0.999)]).toEqual([30_000, 30_500, 30_999])
    expect(retryDelayMs(10, { retryAfterMs: 30_000, random: () => 0.5 })).toBe(256_000)
  })

  it('is a bounded whole number for any number of attempts', () => {
    const attempts = fc.integer({ min: 1, max: 2 ** 31 })
    const retryAfterMs = fc.option(fc.integer({ min: 0, max: MAX_RETRY_DELAY_MS }), { nil: undefined })
    fc.assert(
      fc.property(
        attempts,
        retryAfterMs,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (made, asked, share) => {
          const delay = retryDelayMs(made, { retryAfterMs: asked, random: () => share })
          expect(Number.isSafeInteger(delay)).toBe(true)
          expect(delay).toBeGreaterThanOrEqual(asked ?? 0)
          expect(delay).toBeLessThanOrEqual(MAX_RETRY_DELAY_MS + 1000)
        },
      ),
    )
  })
})
