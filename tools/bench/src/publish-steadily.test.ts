import { describe, expect, it } from '@jest/globals'
import { publishSteadily } from './publish-steadily.ts'

describe('publishSteadily', () => {
  it('publishes what is due, and ends where the last one would not be whole', async () => {
    const groups: number[] = []
    expect(await publishSteadily(107.3, 0.2, (count) => groups.push(count))).toBe(21)
    expect(groups.reduce((sum, count) => sum + count, 0)).toBe(21)
    expect(groups.length).toBeGreaterThan(1)
  })
})
