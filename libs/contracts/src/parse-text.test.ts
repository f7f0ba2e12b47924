import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import assert from 'node:assert/strict'
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

  it('leaves texts alone that look like names, and names that look like its own numbers', () => {
    const value = { '#0': '{"a\\n":1}', '#1\n': ['x\\":', ',"y\\'], 'z"': { '#0': 'a:"b' } }
    expect(parseText(JSON.stringify(value, undefined, 2))).toEqual(value)
  })

  it.each([
    '{"a\\x":1}',
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
