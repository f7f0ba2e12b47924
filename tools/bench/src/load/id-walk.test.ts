import { describe, expect, it } from '@jest/globals'
import { IdWalk } from './id-walk.ts'

const take = (walk: IdWalk, ids: number) => Array.from({ length: ids }, () => walk.next())

describe('IdWalk', () => {
  it('gives every id once before any comes again', () => {
    const ids = take(new IdWalk(1000), 1000)
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
  })

  it('goes on behind what another program took', () => {
    const [walk, other] = [new IdWalk(1000), new IdWalk(1000)]
    walk.skip(10)
    expect(take(walk, 5)).toEqual(take(other, 15).slice(10))
    expect(walk.place).toBe(15)
  })
})
