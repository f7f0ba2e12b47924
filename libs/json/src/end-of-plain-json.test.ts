import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { endOfPlainJson, skipBlanksOfLine } from './end-of-plain-json.ts'
import { NOT_PLAIN, type MemberJudge } from './json-tokens.ts'
import { parseJson } from './parse-json.ts'

const isPlain = (line: string, judge: MemberJudge = () => true) => {
  const bytes = Buffer.from(`[${line}\n`)
  const end = endOfPlainJson(bytes, skipBlanksOfLine(bytes, 1), judge)
  return end !== NOT_PLAIN && skipBlanksOfLine(bytes, end) === bytes.length - 1
}

/** Half of a surrogate pair would be replaced on the way to bytes. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom('"', '\\', '\n', '/', 'é', '😀', ' '), fc.string({ maxLength: 3 })),
  })
  .map((one) => one.toWellFormed())

/** What breaks readers of JSON. */
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
    '\\u0000',
    '\\ud800',
    '\\n',
    '\\"',
    '\0',
    '\t',
    '\n',
    '\r',
    ' ',
    '\u00a0',
    '\ufeff',
  ],
  ...[
    '{}',
    '[]',
    '"a":1',
    ',"a":1',
    'true',
    'fals',
    'null',
    'nul',
    '-',
    '-0',
    '01',
    '1.',
    '.5',
    '1.50',
    '1e5',
    '1E400',
    '9'.repeat(101),
  ],
  ...['9007199254740993', '[{"a":'.repeat(33), ']'.repeat(64), '__proto__'],
)

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(text, fc.constantFrom(0, -1.5, 2 ** 53, true, null, 'x')),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value')),
  ),
}))

const valid = fc
  .dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a', 'b c', 'é', '') }, text), value, {
    noNullPrototype: true,
  })
  .map((value) => JSON.stringify(value).toWellFormed())

const changed = fc
  .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.oneof(piece, fc.constant(''))), { maxLength: 3 }))
  .map(([json, changes]) =>
    changes.reduce((line, [where, length, put]) => {
      const at = where % (line.length + 1)
      return line.slice(0, at) + put + line.slice(at + length)
    }, json),
  )

describe('plain JSON', () => {
  it('is an object that can be stored as it stands, whatever was done to its text', () => {
    let plain = 0
    fc.assert(
      fc.property(
        fc.oneof(
          changed,
          fc.array(piece, { maxLength: 9 }).map((all) => all.join('')),
        ),
        (line) => {
          if (!isPlain(line.toWellFormed())) return
          plain++
          expect(parseJson(line.toWellFormed())).toBeInstanceOf(Object)
          expect(line.trimStart()[0]).toBe('{')
        },
      ),
      { seed: 3, numRuns: 5000 },
    )
    expect(plain).toBeGreaterThan(300)
  })

  it.each([
    '{}',
    ' { } \r',
    '{"a":[],"b":[1, 2.50,-0,-1.5]}',
    '{"a":{"b":[true,false,null,{"c":"d"}]}}',
    '{"é":"😀 \\" \\\\ \\/ \\b\\f\\n\\r\\t"}',
    `{"a":${'9'.repeat(100)}}`,
    `${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`,
  ])('is what most of all writers write: %s', (line) => {
    expect(isPlain(line)).toBe(true)
    expect(() => parseJson(line)).not.toThrow()
  })

  it.each([
    ['', '1', '"a"', '[]', 'null', '{', '{"a":1', '{"a":1}}', '{"a":1},', '{"a":1}x', '{a:1}', "{'a':1}"],
    [
      '{"a":01}',
      '{"a":1.}',
      '{"a":.5}',
      '{"a":-}',
      '{"a":+1}',
      '{"a":tru}',
      '{"a":truex}',
      '{"a"}',
      '{"a":}',
    ],
    [
      '{"a":1,}',
      '{,}',
      '{"a":[1,]}',
      '{"a":[1 2]}',
      '{"a":"\t"}',
      '{"a":"\\x"}',
      '{"a":"\\u0000"}',
      '{"a":"',
    ],
    [
      '{"a\\n":1}',
      '{"a":1e5}',
      `{"a":${'9'.repeat(101)}}`,
      '{"a":1}\u00a0',
      `{"a":${'['.repeat(64)}${']'.repeat(64)}}`,
    ],
  ])('is no other text: %s', (...lines) => {
    for (const line of lines) expect([line, isPlain(line)]).toEqual([line, false])
  })

  it('ends where its line ends', () => {
    const end = (text: string) => endOfPlainJson(Buffer.from(text), 0, () => true)
    expect(end('{"a":\n1}\n')).toBe(NOT_PLAIN)
    expect(end('{"a":"b\n"}\n')).toBe(NOT_PLAIN)
    expect(end('{"a":1}\n{"b":1}\n')).toBe(7)
    expect(end('{"a":1},{"b":1}\n')).toBe(7)
  })

  it('is refused for a member of the outermost object, by its name and its value', () => {
    const members: [string, string][] = []
    const note: MemberJudge = (bytes, nameFrom, nameTo, from, to) => {
      const read = (...at: [number, number]) => Buffer.from(bytes.subarray(...at)).toString()
      members.push([read(nameFrom, nameTo), read(from, to)])
      return to - from < 6
    }
    expect(isPlain('{"é":1, "b":{"c":1},"d":"too long"}', note)).toBe(false)
    expect(members).toEqual([
      ['é', '1'],
      ['b', '{"c":1}'],
    ])
    expect(isPlain('{"é":1, "b":[ 2 ]}', note)).toBe(true)
  })
})
