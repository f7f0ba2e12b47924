import { describe, expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import { parseStep } from './parse-step.ts'

const DAY_MS = 86_400_000
const SPAN = { fromMs: 0, toMs: DAY_MS }

describe('a step', () => {
  it('is a duration of up to a hundred years, which PostgreSQL can count in', () => {
    expect(parseStep('5m', SPAN, 1000)).toBe(300_000)
    expect(parseStep('36500d', SPAN, 1000)).toBe(36_500 * DAY_MS)
    for (const step of ['36501d', '999999999d', '0s', '5', 'm', '-1m', '1 h'])
      expect(() => parseStep(step, SPAN, 1000)).toThrow(AppError)
  })

  it('makes no more steps than there may be', () => {
    expect(() => parseStep('1s', SPAN, 1000)).toThrow('more than 1000 steps')
  })
})
