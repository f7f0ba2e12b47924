import { afterEach, expect, it } from '@jest/globals'
import { watchStalls } from './watch-stalls.ts'

let nowMs = 0
const stalls = watchStalls(() => nowMs)
afterEach(() => stalls[Symbol.dispose]())

const runUntil = (ms: number) => {
  while (nowMs < ms) {
    nowMs += 10
    stalls.tick()
  }
}

it('says since when what is read now may have waited', () => {
  runUntil(1000)
  expect(stalls.readableSinceMs()).toBe(1000)
  nowMs = 4000
  expect(stalls.readableSinceMs()).toBe(1000)
  runUntil(4300)
  expect(stalls.readableSinceMs()).toBe(1000)
  nowMs = 4450
  expect(stalls.readableSinceMs()).toBe(1000)
  runUntil(5000)
  expect(stalls.readableSinceMs()).toBe(5000)
})
