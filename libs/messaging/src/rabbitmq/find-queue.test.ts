import { expect, it } from '@jest/globals'
import { findQueue } from './find-queue.ts'

it('looks for a missing queue at ever longer intervals, refused or not, and ends when it is there', async () => {
  const pausesMs: number[] = []
  const refusals: unknown[] = []
  const refusal = new Error('ACCESS_REFUSED')
  await findQueue({
    look: async () => {
      if (pausesMs.length === 2) throw refusal
      return pausesMs.length === 8
    },
    onRefused: (error) => refusals.push(error),
    pause: async (ms) => void pausesMs.push(ms / 1000),
    stop: new AbortController().signal,
  })
  expect(pausesMs).toEqual([30, 60, 120, 240, 480, 600, 600, 600])
  expect(refusals).toEqual([refusal])
})

it('ends with its signal', async () => {
  const stopping = new AbortController()
  await findQueue({
    look: async () => false,
    onRefused: () => undefined,
    pause: async () => stopping.abort(),
    stop: stopping.signal,
  })
  expect(stopping.signal.aborted).toBe(true)
})
