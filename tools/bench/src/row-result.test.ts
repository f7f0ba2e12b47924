import { describe, expect, it } from '@jest/globals'
import { summarise } from './row-result.ts'
import type { Turn } from './take-turns.ts'

const row = { title: 'POST', ceiling: 'bare', unit: 'requests/s', aim: 0.7 }

const turn = (ceiling: number, runnel: number, errors = 0): Turn => ({
  ceiling: { rate: ceiling, p99Ms: 1, errors: 0 },
  runnel: { rate: runnel, p99Ms: runnel / 10, errors },
})

describe('summarise', () => {
  it('takes ratios within turns, for the machine changes between them', () => {
    const { ratio, ceiling, runnel } = summarise(
      'single',
      row,
      [turn(100, 80), turn(50, 40), turn(10, 9)],
      [],
    )
    expect(ratio).toEqual({ median: 0.8, min: 0.8, max: 0.9 })
    expect(ceiling).toEqual({ rate: { median: 50, min: 10, max: 100 }, p99Ms: 1 })
    expect(runnel).toEqual({ rate: { median: 40, min: 9, max: 80 }, p99Ms: 4 })
  })

  it.each([
    ['met', [turn(10, 7)]],
    ['below', [turn(10, 6.9)]],
    ['met', [turn(10, 1), turn(10, 7), turn(10, 8)]],
    ['void', [turn(10, 9), turn(10, 9, 1)]],
  ])('judges the median: %s', (verdict, turns) => {
    expect(summarise('single', row, turns, []).verdict).toBe(verdict)
  })

  it('has no p99 where there were no requests', () => {
    const bare = { ceiling: { rate: 2, errors: 0 }, runnel: { rate: 1, errors: 0 } }
    expect(summarise('drain', row, [bare], []).runnel).not.toHaveProperty('p99Ms')
  })
})
