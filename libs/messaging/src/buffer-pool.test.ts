import { expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { BufferPool } from './buffer-pool.ts'

const LARGE = 100_000
const create = (idleMs = 60_000) => new BufferPool({ maxBuffers: 2, maxBytes: 1_000_000, idleMs })

test('a buffer that was released is the next one that is large enough, with the size that is asked for', () => {
  const pool = create()
  const first = pool.take(LARGE)
  const other = pool.take(LARGE)
  expect(other.buffer).not.toBe(first.buffer)
  pool.release(first)
  expect(pool.take(1_000_000).buffer).not.toBe(first.buffer)
  const again = pool.take(LARGE - 1)
  expect([again.buffer, again.length]).toEqual([first.buffer, LARGE - 1])
})

test('what is released twice, or never came from here, is given to one taker at most', () => {
  const pool = create()
  const first = pool.take(LARGE)
  for (const one of [first, first, Buffer.alloc(LARGE), pool.take(10)]) pool.release(one)
  expect(pool.take(LARGE).buffer).toBe(first.buffer)
  expect(pool.take(LARGE).buffer).not.toBe(first.buffer)
})

test('as many buffers are kept as it may have, none beyond its size', () => {
  const pool = create()
  const taken = [LARGE, LARGE, LARGE, 2_000_000].map((bytes) => pool.take(bytes))
  for (const one of taken) pool.release(one)
  const memories = new Set(taken.map(({ buffer }) => buffer))
  const again = [LARGE, LARGE, LARGE, 2_000_000].map((bytes) => pool.take(bytes))
  expect(again.filter(({ buffer }) => memories.has(buffer))).toHaveLength(2)
})

test('what nothing takes for a while is dropped', async () => {
  const pool = create(1)
  pool.release(pool.take(LARGE))
  expect(pool.spareCount).toBe(1)
  await eventually(() => pool.spareCount === 0)
})
