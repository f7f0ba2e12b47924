import { expect, test } from '@jest/globals'
import { formatWithUnit } from './with-unit.ts'

test.each([
  [42, 'ms', '42 ms'],
  [42, null, '42'],
  [42, '', '42'],
  [0.5, 'percent', '0.5%'],
  [1536, 'bytes', '1.5 KB'],
  [-1536, 'By'.slice(0, 1), '-1.5 KB'],
  [2048, 'bytes/s', '2.0 KB/s'],
  [3, '/s', '3/s'],
  [3, 'requests per second', '3 requests per…'],
  [null, 'ms', '–'],
])('%p in %p is %p', (value, unit, text) => {
  expect(formatWithUnit(value, unit)).toBe(text)
})
