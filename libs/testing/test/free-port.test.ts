import { expect, test } from '@jest/globals'
import { freePort } from '../src/index.ts'

test('a port is given to a process once, also while nothing listens on it yet', async () => {
  const ports = await Promise.all(Array.from({ length: 500 }, () => freePort()))
  expect(new Set(ports).size).toBe(ports.length)
})
