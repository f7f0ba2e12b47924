import { expect, it } from '@jest/globals'
import { watchStolenTime } from './stolen-time.ts'

const stat = (user: number, idle: number, stolen: number) =>
  `cpu  ${user} 0 10 ${idle} 5 0 2 ${stolen} 0 0\ncpu0 1 0 1 1 0 0 0 9 0 0\nintr 1\n`

it('measures the share that the host gave to others', () => {
  const texts = [stat(100, 100, 50), stat(160, 110, 80)]
  const stolen = watchStolenTime(() => texts.shift()!)
  expect(stolen()).toBe(0.3)
})

it('is 0 where the kernel does not report it', () => {
  expect(watchStolenTime(() => '')()).toBe(0)
})

it('is a share on this machine', () => {
  const share = watchStolenTime()()
  expect(share).toBeGreaterThanOrEqual(0)
  expect(share).toBeLessThanOrEqual(1)
})
