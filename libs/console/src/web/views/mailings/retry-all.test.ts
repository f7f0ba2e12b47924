import { expect, test } from '@jest/globals'
import type { RetryRequest } from '../../api/mailings.ts'
import { retryAll } from './retry-all.ts'

test('requests follow the cursor until there is none, and the progress adds up', async () => {
  const asked: RetryRequest[] = []
  const told: number[] = []
  const accepted = await retryAll({
    include: ['failed', 'unknown'],
    send: async (request) => {
      asked.push(request)
      return { accepted: 100, nextCursor: asked.length < 3 ? String(asked.length) : null }
    },
    onProgress: (so) => told.push(so),
  })
  expect(accepted).toBe(300)
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, '1', '2'])
  expect(asked.every(({ include }) => include.length === 2)).toBe(true)
  expect(told).toEqual([100, 200, 300])
})

test('a request that fails ends it', async () => {
  const send = async () => Promise.reject(new Error('no'))
  await expect(retryAll({ include: ['failed'], send, onProgress: () => {} })).rejects.toThrow('no')
})
