import { describe, expect, it } from '@jest/globals'
import { ResultWindow } from './result-window.ts'

describe('ResultWindow', () => {
  it('counts what failed and what did not', () => {
    const window = new ResultWindow(() => 5000)
    for (const failed of [true, false, true]) window.add(failed)
    expect(window.counts()).toEqual({ total: 3, failed: 2 })
    window.clear()
    expect(window.counts()).toEqual({ total: 0, failed: 0 })
  })

  it('forgets what is older than ten seconds, second by second', () => {
    let nowMs = 123_000
    const window = new ResultWindow(() => nowMs)
    window.add(true)
    nowMs += 5000
    window.add(false)
    nowMs += 4999
    expect(window.counts()).toEqual({ total: 2, failed: 1 })
    nowMs += 1
    expect(window.counts()).toEqual({ total: 1, failed: 0 })
    nowMs += 86_400_000
    expect(window.counts()).toEqual({ total: 0, failed: 0 })
    window.add(true)
    expect(window.counts()).toEqual({ total: 1, failed: 1 })
  })
})
