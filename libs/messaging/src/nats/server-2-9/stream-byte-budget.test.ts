import { beforeEach, expect, it } from '@jest/globals'
import { StreamRoom } from './stream-byte-budget.ts'

const FULL = expect.objectContaining({ reason: 'full' })

let nowMs: number
let looks: number
let stored: number | Error
let room: StreamRoom

beforeEach(() => {
  nowMs = 0
  looks = 0
  stored = 0
  room = new StreamRoom(
    async () => {
      looks++
      if (stored instanceof Error) throw stored
      return stored
    },
    () => nowMs,
  )
})

it('counts what was taken since the last look', async () => {
  await room.take(1000, 3000)
  await room.take(1000, 3000)
  // The third does not fit any more, which costs a look.
  expect(looks).toBe(1)
  stored = 2400
  await expect(room.take(1000, 3000)).rejects.toEqual(FULL)
  expect(looks).toBe(2)
  await room.take(100, 3000)
  expect(looks).toBe(2)
})

it('asks the broker only where it is needed', async () => {
  for (let i = 0; i < 5; i++) await room.take(100, 3000)
  expect(looks).toBe(1)
  nowMs = 501
  for (let i = 0; i < 3; i++) await room.take(100, 3000)
  expect(looks).toBe(2)
})

it('looks again before it refuses: there may be room by now', async () => {
  stored = 5000
  await expect(room.take(100, 3000)).rejects.toEqual(FULL)
  stored = 0
  await room.take(100, 3000)
})

it('learns of what others have published, and keeps nobody waiting for it while there seems to be room', async () => {
  await room.take(100, 3000)
  stored = 5000
  nowMs = 501
  await room.take(100, 3000)
  await Promise.resolve()
  await expect(room.take(100, 3000)).rejects.toEqual(FULL)
})

it('does not know where the broker does not tell', async () => {
  stored = new Error('away')
  await expect(room.take(100, 3000)).rejects.toThrow('does not tell its size')
  stored = 0
  await room.take(100, 3000)
  // What is known goes on to count while it leaves room.
  stored = new Error('away')
  nowMs = 501
  await room.take(100, 3000)
  await expect(room.take(3000, 3000)).rejects.toThrow('does not tell its size')
})

it('looks anew at another stream', async () => {
  stored = 5000
  await expect(room.take(100, 3000)).rejects.toEqual(FULL)
  room.forget()
  stored = 0
  await room.take(100, 3000)
})
