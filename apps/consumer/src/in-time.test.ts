import { expect, it } from '@jest/globals'
import { inTime } from './in-time.ts'

const LONG_MS = 60_000

it('gives what there is in time', async () => {
  const failures: unknown[] = []
  expect(await inTime(Promise.resolve('16/B3'), LONG_MS, (error) => failures.push(error))).toBe('16/B3')
  expect(failures).toEqual([])
})

it('goes without what fails, or never comes, and says why', async () => {
  const failures: unknown[] = []
  const broken = new Error('the connection was lost')
  expect(await inTime(Promise.reject(broken), LONG_MS, (error) => failures.push(error))).toBeUndefined()
  expect(await inTime(new Promise(() => undefined), 1, (error) => failures.push(error))).toBeUndefined()
  expect(failures).toEqual([broken, expect.objectContaining({ name: 'TimeoutError' })])
})
