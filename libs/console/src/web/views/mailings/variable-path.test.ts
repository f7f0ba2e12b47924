import { expect, test } from '@jest/globals'
import { attributePath } from './variable-path.ts'

test.each([
  ['name', 'attributes.name'],
  ['first-name', 'attributes.first-name'],
  ['first name', 'attributes["first name"]'],
  ['имя', 'attributes["имя"]'],
  ['2nd', 'attributes["2nd"]'],
  ['say "hi"', `attributes['say "hi"']`],
])('the attribute %s is %s', (name, path) => {
  expect(attributePath(name)).toBe(path)
})
