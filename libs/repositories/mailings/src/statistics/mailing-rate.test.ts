import { describe, expect, it } from '@jest/globals'
import { estimateFinishMs, rateOf } from './mailing-rate.ts'

const NOON_MS = Date.parse('2026-03-01T12:00:00Z')

describe('the rate of a mailing', () => {
  it('is taken over the last five full minutes', () => {
    expect(rateOf(600, NOON_MS - 3_600_000, NOON_MS + 59_999)).toBe(2)
  })

  it('is taken over the time since the start where that is shorter', () => {
    expect(rateOf(600, NOON_MS - 60_000, NOON_MS + 1)).toBe(10)
  })

  it('is not known before the start, nor right after it', () => {
    expect(rateOf(0, null, NOON_MS)).toBeNull()
    expect(rateOf(0, NOON_MS + 5000, NOON_MS + 30_000)).toBeNull()
    expect(rateOf(0, NOON_MS - 5000, NOON_MS)).toBeNull()
  })
})

describe('the finish of a mailing', () => {
  const progress = { status: 'running', materialised: true, remaining: 100, ratePerSecond: 2 } as const

  it('is estimated from what remains and the rate', () => {
    expect(estimateFinishMs(progress, NOON_MS)).toBe(NOON_MS + 50_000)
  })

  it.each([
    ['nothing is being sent', { ratePerSecond: 0 }],
    ['the rate is not known', { ratePerSecond: null }],
    ['nothing remains', { remaining: 0 }],
    ['it is paused', { status: 'paused' as const }],
    ['there are messages to come', { materialised: false }],
    ['no calendar holds it', { remaining: 1e15 }],
  ])('is not known where %s', (_why, members) => {
    expect(estimateFinishMs({ ...progress, ...members }, NOON_MS)).toBeNull()
  })
})
