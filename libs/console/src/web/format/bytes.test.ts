import { expect, test } from '@jest/globals'
import { formatBytes } from './bytes.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KB'],
  [64 * 1024 ** 2, '64.0 MB'],
  [200 * 1024 ** 4, '200 TB'],
  [5000 * 1024 ** 4, '5000 TB'],
])('%p bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
