import { expect, test } from '@jest/globals'
import { buildUrl } from './build-url.ts'

test('what is undefined, null or empty is left out, and 0 and false are not', () => {
  const params = { a: undefined, b: null, c: '', d: 0, e: false, 'attr.f&g': 'h i&j' }
  expect(buildUrl('/x', params)).toBe('/x?d=0&e=false&attr.f%26g=h+i%26j')
  expect(buildUrl('/x', { a: '' })).toBe('/x')
})

test('a list is a parameter several times', () => {
  expect(buildUrl('/x', { a: ['b', 'c'], d: [] })).toBe('/x?a=b&a=c')
})
