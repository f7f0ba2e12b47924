import { expect, test } from '@jest/globals'
import { readRange } from '../../data/time-range.ts'
import { isFiltered, searchParams, withoutFilters } from './logs-query.ts'

test('a request takes the filters of the address, and nothing else of it', () => {
  const params = new URLSearchParams('query=x:1&q=-a+"b+c"&level=error&attr.user=7&entry=x&live=1&range=1h')
  expect(searchParams(params, readRange(params), 3_600_000)).toEqual({
    query: 'x:1',
    q: '-a "b c"',
    level: 'error',
    service: null,
    trace: null,
    'attr.user': '7',
    from: '1970-01-01T00:00:00.000Z',
  })
})

test('time alone is no filter, an attribute is', () => {
  expect(isFiltered(new URLSearchParams('range=1h'))).toBe(false)
  expect(isFiltered(new URLSearchParams('attr.user=7'))).toBe(true)
})

test('dropping the filters drops attributes, and goes to the first page', () => {
  expect(withoutFilters(new URLSearchParams('attr.user=7&range=1h'))).toEqual({
    cursor: null,
    query: null,
    q: null,
    level: null,
    service: null,
    trace: null,
    'attr.user': null,
  })
})
