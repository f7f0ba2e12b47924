import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { endOfCanonicalJson } from './end-of-canonical-json.ts'
import { NOT_PLAIN } from './json-tokens.ts'
import { parseJson } from './parse-json.ts'

/** @returns whether all of the text is such an object; names of the outermost one are not compared */
const isCanonical = (text: string, levels = 64) => {
  const bytes = Buffer.from(`${text}\n`)
  return endOfCanonicalJson(bytes, 0, levels, () => true) === bytes.length - 1
}

const piece = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\/',
    '\\n',
    '\\"',
    '\\u0041',
    ' ',
    '\t',
    'é',
    '-',
    '.',
    '0',
    '1',
    'e5',
  ],
  ...[
    '-0',
    '0.0',
    '0.5',
    '1.50',
    '0.000001',
    '0.0000001',
    '-0.00000001',
    '123456789012345678',
    '1.7976931348623157',
  ],
  ...[
    '"a":1',
    ',"a":1',
    ',"b":{"a":1,"a":2}',
    ',"c":{"2":1,"1":2}',
    ',"d":{"__proto__":1}',
    'true',
    'null',
    'fals',
  ],
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '1', '_', 'é'), tie('value'), { noNullPrototype: true }),
  ),
}))
const text = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b c', '', 'é', 'z'), value), {
      maxLength: 3,
      selector: ([name]) => name,
    }),
    fc.array(fc.tuple(fc.nat(), fc.nat(2), piece), { maxLength: 2 }),
  )
  .map(([members, changes]) =>
    changes.reduce(
      (json, [where, length, put]) => {
        const at = where % (json.length + 1)
        return json.slice(0, at) + put + json.slice(at + length)
      },
      JSON.stringify(Object.fromEntries(members)),
    ),
  )

describe('JSON as it is written here', () => {
  it('is written again as it stood, once it has been read', () => {
    let canonical = 0
    fc.assert(
      fc.property(text, (json) => {
        const names = new Set<string>()
        const bytes = Buffer.from(`${json.toWellFormed()}\n`)
        const end = endOfCanonicalJson(bytes, 0, 64, (_, from, to) => {
          const name = bytes.toString('utf8', from, to)
          return !names.has(name) && names.add(name) !== undefined
        })
        if (end !== bytes.length - 1) return
        canonical++
        expect(JSON.stringify(parseJson(json.toWellFormed()))).toBe(json.toWellFormed())
      }),
      { seed: 4, numRuns: 5000 },
    )
    expect(canonical).toBeGreaterThan(500)
  })

  it.each([
    '{}',
    '{"a":[],"b":{},"c":[{"d":[1,2.5,-1.5,0,true,false,null]}]}',
    '{"a":"é \\" \\\\ \\b\\f\\n\\r\\t /"}',
    '{"a":0.000001,"b":1.50,"c":123456789012345678,"d":0.1234567890123456789}',
  ])('takes %s', (json) => {
    expect(isCanonical(json)).toBe(true)
  })

  it.each([
    ['blanks', '{ "a":1}', '{"a": 1}', '{"a":[1 ]}', '{"a":1}\n'],
    [
      'names that an object has in another way',
      '{"1":1}',
      '{"__proto__":1}',
      '{"a":{"b":1,"b":2}}',
      '{"a\\n":1}',
    ],
    [
      'numbers that are written otherwise',
      '{"a":-0}',
      '{"a":0.0000001}',
      '{"a":1e5}',
      '{"a":01}',
      '{"a":1.}',
    ],
    ['escapes that are not needed', '{"a":"\\/"}', '{"a":"\\u0041"}'],
    ['what is no JSON', '', '[]', '{', '{"a"}', '{"a":tru}', '{"a":"', '{"a":1}x', '{"a":1,}', '{"a":[1,]}'],
  ])('leaves %s to others', (_, ...all) => {
    for (const json of all) expect([json, isCanonical(json)]).toEqual([json, false])
  })

  it('is as deep as it may be', () => {
    expect(isCanonical('{"a":[{}]}', 3)).toBe(true)
    expect(isCanonical('{"a":[{}]}', 2)).toBe(false)
    expect(endOfCanonicalJson(Buffer.from('{}\n'), 0, 0, () => true)).toBe(NOT_PLAIN)
  })
})
