import { expect, test } from '@jest/globals'
import { ApiError } from '../api/api-error.ts'
import { nextLoadMs } from './next-load.ts'

const failed = (status: number, retryAfterMs?: number) =>
  new ApiError({ status, code: 'x', detail: 'x', retryAfterMs })

test('without an error the refresh decides', () => {
  expect([nextLoadMs(undefined, 5000), nextLoadMs(undefined, undefined)]).toEqual([5000, undefined])
})

test('trouble that passes is tried again when the server says, at least a second later', () => {
  expect([nextLoadMs(failed(503, 9000), undefined), nextLoadMs(failed(0), 100)]).toEqual([9000, 5000])
  expect(nextLoadMs(failed(429, 0), undefined)).toBe(1000)
})

test('trouble that stays is not tried again', () => {
  expect(nextLoadMs(failed(400), 5000)).toBeUndefined()
})
