import { expect, test } from '@jest/globals'
import { formatCount, formatPercent, formatShort, formatValue, plural } from './number.ts'

test.each([
  [21.5, '21.5'],
  [1234567.891, '1,234,568'],
  [0.000012345, '0.000012345'],
  [1e-9, '1.000e-9'],
  [-4e20, '-4.000e+20'],
  [0, '0'],
  [null, '–'],
  [undefined, '–'],
  [Number.NaN, '–'],
])('the value %p is shown as %s', (value, text) => {
  expect(formatValue(value)).toBe(text)
})

test('counts are shown in full, or short where there is little room', () => {
  expect([formatCount(12345), formatShort(12345)]).toEqual(['12,345', '12.3K'])
})

test.each([
  [0, '0%'],
  [1, '100%'],
  [0.125, '12.5%'],
  [0.00001, '<0.1%'],
  [0.99999, '>99.9%'],
])('a share of %p is %s, and only none and all are 0 and 100', (share, text) => {
  expect(formatPercent(share)).toBe(text)
})

test('one is singular, everything else plural', () => {
  expect([plural(1, 'entry', 'entries'), plural(0, 'line'), plural(2000, 'line')]).toEqual([
    '1 entry',
    '0 lines',
    '2,000 lines',
  ])
})
