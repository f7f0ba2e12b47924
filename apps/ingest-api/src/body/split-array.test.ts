import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { splitArray } from './split-array.ts'

describe('splitArray', () => {
  it.each([
    ['[1]', ['1']],
    ['[{"a":[1,2]},"x,y",null]', ['{"a":[1,2]}', '"x,y"', 'null']],
    ['[[1,[2,3]],[],{}]', ['[1,[2,3]]', '[]', '{}']],
    ['["]","}","\\"",",\\\\",","]', ['"]"', '"}"', '"\\""', '",\\\\"', '","']],
    ['[{"[":"{"},{"\\"]":1}]', ['{"[":"{"}', '{"\\"]":1}']],
  ])('of %s is %j', (text, expected) => {
    expect(splitArray(text)).toEqual(expected)
  })

  it('keeps numbers, names and blanks as they were written', () => {
    expect(splitArray(' [ {"a" : 1.0,"a":1e20} ,\n"\\u0041" ] ')).toEqual([
      ' {"a" : 1.0,"a":1e20} ',
      '\n"\\u0041" ',
    ])
  })

  it('finds every item of any array, however it is written', () => {
    const arrays = fc.array(fc.jsonValue(), { minLength: 1 })
    fc.assert(
      fc.property(arrays, fc.constantFrom(0, 1, '\t'), (items, indentation) => {
        const texts = splitArray(JSON.stringify(items, null, indentation))
        expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(JSON.parse(JSON.stringify(items)))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })
})
