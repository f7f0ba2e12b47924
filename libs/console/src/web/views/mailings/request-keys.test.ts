import { expect, test } from '@jest/globals'
import { createRequestKeys } from './request-keys.ts'

test('the same content keeps its key, and another gets another, within one form', () => {
  const keyOf = createRequestKeys()
  expect(keyOf('a')).toBe(keyOf('a'))
  expect(keyOf('a')).not.toBe(keyOf('b'))
  expect(keyOf('a')).toMatch(/^[0-9a-f]{32}$/)
})

test('another form has keys of its own', () => {
  expect(createRequestKeys()('a')).not.toBe(createRequestKeys()('a'))
})
