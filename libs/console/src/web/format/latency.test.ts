import { expect, test } from '@jest/globals'
import { formatLatency } from './latency.ts'

test.each([
  [0, '0 µs'],
  [0.0004, '0.4 µs'],
  [0.35, '350 µs'],
  [4.3125, '4.31 ms'],
  [999.4, '999 ms'],
  [1234, '1.23 s'],
  [90_000, '1 min 30 s'],
])('%d ms are %s', (ms, text) => {
  expect(formatLatency(ms)).toBe(text)
})
