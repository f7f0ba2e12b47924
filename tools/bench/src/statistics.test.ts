import { describe, expect, it } from '@jest/globals'
import { median, percentile, spreadOf } from './statistics.ts'

describe('median', () => {
  it.each([
    [[5], 5],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[100, 9, 10], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('leaves its argument as it is', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })
})

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)

  it.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [[7], 0.99, 7],
    [[1, 2, 3], 0, 1],
  ])('of %j, %d is %d', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected)
  })
})

describe('spreadOf', () => {
  it('has the median between the extremes', () => {
    expect(spreadOf([0.7, 0.9, 0.4])).toEqual({ median: 0.7, min: 0.4, max: 0.9 })
  })
})
