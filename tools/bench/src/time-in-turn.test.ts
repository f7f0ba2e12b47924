import { describe, expect, it } from '@jest/globals'
import { timeInTurn } from './time-in-turn.ts'

describe('timeInTurn', () => {
  it('runs one query after the other, and counts wrong answers', async () => {
    let [underWay, most, asked] = [0, 0, 0]
    const result = await timeInTurn(0.05, async () => {
      most = Math.max(most, ++underWay)
      await new Promise(setImmediate)
      underWay--
      return ++asked % 2 === 0
    })
    expect(most).toBe(1)
    expect(result).toMatchObject({ operations: asked, errors: Math.ceil(asked / 2) })
    expect(result.p50Ms!).toBeLessThanOrEqual(result.p99Ms!)
  })

  it('lets several ask at the same time', async () => {
    let [underWay, most] = [0, 0]
    await timeInTurn(
      0.05,
      async () => {
        most = Math.max(most, ++underWay)
        await new Promise(setImmediate)
        underWay--
        return true
      },
      3,
    )
    expect(most).toBe(3)
  })
})
