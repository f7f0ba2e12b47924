import { expect, it } from '@jest/globals'
import { formatPrice } from './format.ts'

it.each([
  ['9007199254740993', '9,007,199,254,740,993.00'],
  ['10.50', '10.50'],
  ['0.1234567890123456789', '0.1234567890123456789'],
  ['-1.5e30', '-1.5e+30'],
  ['1e400', '1e+400'],
  ['1e-400', '1e-400'],
  ['0.00', '0.00'],
])('the price %s is shown as %s', (text, shown) => {
  expect(formatPrice(JSON.rawJSON(text))).toBe(shown)
})
