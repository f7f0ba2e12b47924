import { describe, expect, it } from '@jest/globals'
import { inSlices } from './in-slices.ts'

function* count(to: number, done: number[]): Generator<void, string> {
  for (let i = 0; i < to; i++) {
    done.push(i)
    yield
  }
  return 'counted'
}

describe('work in slices', () => {
  it('that is short is done at once', () => {
    expect(inSlices(count(5, []), 60_000)).toBe('counted')
  })

  it('that is long lets others have their turn between its steps', async () => {
    const done: number[] = []
    const working = inSlices(count(5, done), 0)
    expect(done).toEqual([0])
    await new Promise(setImmediate)
    expect(done.length).toBeLessThan(5)
    expect(await working).toBe('counted')
    expect(done).toEqual([0, 1, 2, 3, 4])
  })

  it('fails as its step does, whether it was interrupted or not', async () => {
    function* fail(): Generator<void, never> {
      yield
      throw new Error('no')
    }
    expect(() => inSlices(fail(), 60_000)).toThrow('no')
    await expect(inSlices(fail(), 0)).rejects.toThrow('no')
  })
})
