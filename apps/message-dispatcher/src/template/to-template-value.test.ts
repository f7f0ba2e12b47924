import { expect, it } from '@jest/globals'
import { toTemplateValue } from './to-template-value.ts'

it.each([
  ['9007199254740993', '9007199254740993'],
  ['1e20', 1e20],
  ['10.50', 10.5],
  ['1e400', `1${'0'.repeat(400)}`],
  ['0.1234567890123456789', '0.1234567890123456789'],
])('the number %s reaches a template with every digit', (text, value) => {
  expect(toTemplateValue({ a: [JSON.rawJSON(text)] })).toEqual({ a: [value] })
})
