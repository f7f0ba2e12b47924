import { describe, expect, it } from '@jest/globals'
import { FailureLimit } from './failure-limit.ts'

describe('the limit of wrong credentials', () => {
  it('lets a peer fail 20 times in a row, then once a second', () => {
    let nowMs = 0
    const limit = new FailureLimit(() => nowMs)
    for (let i = 0; i < 20; i++) expect(limit.note('a')).toBeUndefined()
    expect(limit.note('a')).toBe(1000)
    nowMs = 400
    expect(limit.note('a')).toBe(600)
    nowMs = 1000
    expect(limit.note('a')).toBeUndefined()
    expect(limit.note('a')).toBe(1000)
    nowMs = 3_600_000
    for (let i = 0; i < 20; i++) expect(limit.note('a')).toBeUndefined()
    expect(limit.note('a')).toBe(1000)
  })

  it('keeps peers apart', () => {
    const limit = new FailureLimit(() => 0)
    for (let i = 0; i < 21; i++) limit.note('a')
    expect(limit.note('b')).toBeUndefined()
  })

  it('remembers so many peers and no more', () => {
    const limit = new FailureLimit(() => 0, { maxPeers: 100 })
    for (let i = 0; i < 1000; i++) limit.note(`peer ${i}`)
    expect(limit.size).toBe(100)
  })
})
