import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { beginsAsArray, splitArray } from './split-array.ts'

describe('beginsAsArray', () => {
  it.each(['[]', ' \t\r\n[', '\ufeff[1]', '\ufeff ['])('is true of %j', (text) => {
    expect(beginsAsArray(Buffer.from(text))).toBe(true)
  })

  it.each(['', ' ', '{}', ' "[]"', '\u00a0[]', 'null', '\ufeff', '\ufeff\ufeff[]'])(
    'is false of %j',
    (text) => {
      expect(beginsAsArray(Buffer.from(text))).toBe(false)
    },
  )
})

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

  it.each(['[]', ' [ \n] '])('of %j finds none', (text) => {
    expect(splitArray(text)).toEqual([])
  })

  it.each(['[', '[1', '[1],', '[1]]x', '[1] 2'])('refuses %j, which does not end as an array', (text) => {
    expect(() => splitArray(text)).toThrow('no end')
  })

  it('ends soon behind as many items as there may be', () => {
    expect(splitArray('[1,2,3,4,5]', 2)).toEqual(['1', '2', '3,4,5'])
  })

  it('of malformed JSON has a malformed item', () => {
    const noise = fc.string({ unit: fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', '1', ' ', ':') })
    const isJson = (text: string) => {
      try {
        JSON.parse(text)
        return true
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(noise, (text) => {
        const array = `[${text}]`
        expect(splitArray(array).every(isJson)).toBe(isJson(array))
      }),
      { seed: 1, numRuns: 20_000 },
    )
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
