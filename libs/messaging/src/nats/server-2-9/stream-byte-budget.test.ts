import { beforeEach, expect, it } from '@jest/globals'
import { StreamByteBudget } from './stream-byte-budget.ts'

const FULL = expect.objectContaining({ reason: 'full' })

let nowMs: number
let readings: number
let stored: number | Error
let budget: StreamByteBudget

beforeEach(() => {
  nowMs = 0
  readings = 0
  stored = 0
  budget = new StreamByteBudget(
    async () => {
      readings++
      if (stored instanceof Error) throw stored
      return stored
    },
    () => nowMs,
  )
})

it('counts what was reserved since the last reading', async () => {
  await budget.reserve(1000, 3000)
  await budget.reserve(1000, 3000)
  // The third does not fit any more, which costs a reading.
  expect(readings).toBe(1)
  stored = 2400
  await expect(budget.reserve(1000, 3000)).rejects.toEqual(FULL)
  expect(readings).toBe(2)
  await budget.reserve(100, 3000)
  expect(readings).toBe(2)
})

it('reads the size only where it is needed', async () => {
  for (let i = 0; i < 5; i++) await budget.reserve(100, 3000)
  expect(readings).toBe(1)
  nowMs = 501
  for (let i = 0; i < 3; i++) await budget.reserve(100, 3000)
  expect(readings).toBe(2)
})

it('reads again before it refuses: messages may have been consumed', async () => {
  stored = 5000
  await expect(budget.reserve(100, 3000)).rejects.toEqual(FULL)
  stored = 0
  await budget.reserve(100, 3000)
})

it('counts what others have published, and reads it in the background while a message seems to fit', async () => {
  await budget.reserve(100, 3000)
  stored = 5000
  nowMs = 501
  await budget.reserve(100, 3000)
  await Promise.resolve()
  await expect(budget.reserve(100, 3000)).rejects.toEqual(FULL)
})

it('leaves the outcome open where the broker does not report the size', async () => {
  stored = new Error('unreachable')
  await expect(budget.reserve(100, 3000)).rejects.toThrow('did not report the size')
  stored = 0
  await budget.reserve(100, 3000)
  // The last known size counts as long as a message fits.
  stored = new Error('unreachable')
  nowMs = 501
  await budget.reserve(100, 3000)
  await expect(budget.reserve(3000, 3000)).rejects.toThrow('did not report the size')
})

it('reads the size of another stream again', async () => {
  stored = 5000
  await expect(budget.reserve(100, 3000)).rejects.toEqual(FULL)
  budget.forget()
  stored = 0
  await budget.reserve(100, 3000)
})
