import { expect, test } from '@jest/globals'
import { changeQuery, hrefOf } from './change-query.ts'

test('a change keeps the rest of the address, and the address it was made from', () => {
  const query = new URLSearchParams('q=a&level=error&attr.x=1')
  expect(changeQuery(query, { level: 'warn', cursor: null, entry: undefined }).toString()).toBe(
    'q=a&attr.x=1&level=warn',
  )
  expect(query.get('level')).toBe('error')
})

test('a list stands several times, an empty text or list not at all', () => {
  const query = new URLSearchParams('name=a&by=room&tag.x=1')
  expect(changeQuery(query, { name: ['b', 'c'], by: '', 'tag.x': [] }).toString()).toBe('name=b&name=c')
})

test('an address without parameters has no question mark', () => {
  expect(hrefOf('/console/logs', new URLSearchParams())).toBe('/console/logs')
})
