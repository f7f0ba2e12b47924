import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { AppError } from '@runnel/contracts'
import { parseText } from './parse-text.ts'

const namesOf = (text: string) => Object.keys(parseText(text) as object)

describe('parseText', () => {
  it.each([
    ['\\', '"\\n"', '\n'],
    ['\\', '"\\""', '"'],
    ['a\\', '"a\\t"', 'a\t'],
    ['\\u', '"\\u0041b"', 'Ab'],
    ['\\\\', '"\\\\b"', '\\b'],
  ])('reads a name as it is written, after an object with the name %j', (poison, written, name) => {
    const first = `m${Math.random()}`
    parseText(`{"${first}":1,${JSON.stringify(poison)}:1}`)
    // Also one that never came as JSON.
    void { [first]: 1, [poison]: 1 }
    expect(namesOf(`{"${first}":1,${written}:1}`)).toEqual([first, name])
  })

  it('takes the last of members with the same name, escaped or not', () => {
    expect(parseText('{"a":1,"\\u0061":2,"b":0,"a":3}')).toEqual({ a: 3, b: 0 })
    expect(parseText('{"a":1,"\\u0061":2}')).toEqual({ a: 2 })
  })

  it.each([
    ['"\\u0430\\u0411"', 'аБ'],
    ['"a\\/\\u002f"', 'a//'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\udc00\\uD800"', '\udc00\ud800'],
    ['"\\u005f_proto__"', '__proto__'],
    ['"\\u0031"', '1'],
    ['"\\u00e9\\n\\"\\\\\\b"', 'é\n"\\\b'],
  ])('reads the name %s', (written, name) => {
    const value = parseText(`{"z":{${written}:[{${written}:1}]},"я":2}`)
    expect(value).toEqual({ z: Object.fromEntries([[name, [Object.fromEntries([[name, 1]])]]]), я: 2 })
  })

  it('takes spellings of one name for the same', () => {
    const value = parseText('{"\\n":1,"b":2,"\\u000a":{"\\u000A":3,"\\n":4},"__proto__":5}') as object
    expect(Object.entries(value)).toEqual([
      ['\n', { '\n': 4 }],
      ['b', 2],
      ['__proto__', 5],
    ])
  })

  it('leaves texts alone that look like names, and names that look like its own numbers', () => {
    const value = { '#0': '{"a\\n":1}', '#1\n': ['x\\":', ',"y\\'], 'z"': { '#0': 'a:"b' } }
    expect(parseText(JSON.stringify(value, undefined, 2))).toEqual(value)
  })

  it.each([
    '{"a\\x":1}',
    '{"\\u00g0":1}',
    '{"\\u+041":1}',
    '{"\\u00":1}',
    '{"\\u',
    '{"a\\n":1',
    '{"a\\n" 1}',
    '["a\\n":1]',
    '{"a\\n\n":1}',
    '{"a\\n":1,}',
    '{"\\":1}',
    '{a\\n:1}',
    '{"\\n":"x":1}',
    '{,"a\\n"}',
    '"a\\n":',
  ])('refuses %j as JSON.parse does', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
    expect(() => parseText(text)).toThrow(SyntaxError)
  })

  it('ends at once on a text that is never closed', () => {
    const open = '\\"'.repeat(500_000)
    for (const text of [`{"${open}`, `{"a\\n":1,"${open}`, `{"${open}\\`])
      expect(() => parseText(text)).toThrow(SyntaxError)
  })

  it('puts back as many names as it may, and refuses more', () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `"${i}\\n":${i}`)
    const write = (count: number) => `[{${names(count).join(',')}},{${names(count).join(',')}}]`
    expect(parseText(write(3), 3)).toEqual(JSON.parse(write(3)))
    expect(() => parseText(write(4), 3)).toThrow(AppError)
    expect(() => parseText(write(20_001))).toThrow('too many names')
    const unmarked = Array.from({ length: 20_001 }, (_, i) => `"\\u0430${i}":${i}`)
    expect(namesOf(`{${unmarked.join(',')}}`)).toHaveLength(20_001)
  })

  it('gives back what JSON.stringify wrote', () => {
    const name = fc.oneof(
      fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'a', '#', '0', ':', ',', '{') }),
      fc.constantFrom('__proto__', 'constructor', '#0', '#1'),
    )
    const json = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        name,
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value
    fc.assert(
      fc.property(json, fc.boolean(), (value, pretty) => {
        const text = JSON.stringify(value, undefined, pretty ? '\t' : undefined)
        assert.deepStrictEqual(parseText(text), value)
      }),
      { seed: 3, numRuns: 3000 },
    )
  })
})
