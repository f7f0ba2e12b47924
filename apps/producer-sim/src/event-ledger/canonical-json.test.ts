import { expect, it } from '@jest/globals'
import { canonicalJson } from './canonical-json.ts'

const canonical = (text: string) => canonicalJson(JSON.parse(text))

it.each([
  ['{"a":1,"b":{"c":[1,2],"d":null}}', '{"b":{"d":null,"c":[1,2]},"a":1}'],
  ['[1.0, 1e2, -0, 0.1]', '[1,100,0,0.1000000000000000055]'],
  ['"\\u00fc\\/"', '"ü/"'],
])('takes %s and %s for equal', (one, other) => {
  expect(canonical(one)).toBe(canonical(other))
})

it.each([
  ['{"a":1}', '{"a":"1"}'],
  ['{"a":1}', '{"a":1,"b":null}'],
  ['[1,2]', '[2,1]'],
  ['0.1', '0.10000000000000002'],
  ['"a"', '"a "'],
  ['{"__proto__":1}', '{}'],
  ['null', 'false'],
])('differs for %s and %s', (one, other) => {
  expect(canonical(one)).not.toBe(canonical(other))
})
