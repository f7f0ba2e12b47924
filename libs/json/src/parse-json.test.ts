import { describe, expect, it } from '@jest/globals'
import { AppError, type ErrorCode } from '@runnel/contracts'
import { decodeUtf8, parseJson } from './parse-json.ts'

/** The code and field of the error that `work` throws. */
function problemOf(work: () => unknown): { code: ErrorCode; field?: string | undefined } {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, field: error.details.field }
    throw error
  }
  throw new Error('nothing was thrown')
}

const nested = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth)

describe('parseJson', () => {
  it.each(['', ' ', '{', '{"a":}', '[1,]', 'nul', '01', "{'a':1}", 'NaN', '\u00a0{}'])(
    'calls %j bad_json',
    (text) => {
      expect(problemOf(() => parseJson(text)).code).toBe('bad_json')
    },
  )

  it.each([
    ['a NUL in a text', '{"a":["x","\\u0000"]}', 'nul_character', '/a/1'],
    ['a NUL in a member name', '{"a":{"b\\u0000":1}}', 'nul_character', '/a'],
    ['half of a surrogate pair in a text', '{"a":"\\ud800"}', 'lone_surrogate', '/a'],
    ['half of a surrogate pair that is no escape', '{"a":["\ud800"]}', 'lone_surrogate', '/a/0'],
    ['a surrogate pair the wrong way round', '{"a":"\\udc00\\ud800"}', 'lone_surrogate', '/a'],
    ['half of a surrogate pair in a member name', '{"a":[{"\\udfff":1}]}', 'lone_surrogate', '/a/0'],
    ['1e401', '{"a":{"b":1e401}}', 'number_out_of_range', '/a/b'],
    ['-1E-401', '[0,-1E-401]', 'number_out_of_range', '/1'],
    ['101 digits', `{"a":{"b":[1,${'9'.repeat(101)}]}}`, 'number_out_of_range', '/a/b/1'],
    ['100 digits and a zero behind the point', `{"a":-${'9'.repeat(100)}.0}`, 'number_out_of_range', '/a'],
    ['a zero of 501 places', `[0.${'0'.repeat(501)}]`, 'number_out_of_range', '/0'],
    ['a digit 502 places behind the point', `[0.${'0'.repeat(501)}1]`, 'number_out_of_range', '/0'],
    ['an integer of 501 places', `[1${'0'.repeat(500)}]`, 'number_out_of_range', '/0'],
    ['an exponent that no number has', '[1e99999999999999999999]', 'number_out_of_range', '/0'],
    ['a number that is the whole text', ' 1e401\n', 'number_out_of_range', ''],
  ] as const)('finds %s where it stands', (_, text, code, field) => {
    expect(problemOf(() => parseJson(text))).toEqual({ code, field })
  })

  it('ends at once on a text that is never closed, behind a long integer', () => {
    const open = '\\"'.repeat(200_000)
    for (const text of [`[1234567890123456,"${open}`, `[1234567890123456,"${open}\\`])
      expect(problemOf(() => parseJson(text)).code).toBe('bad_json')
  })

  it('writes member names into pointers as RFC 6901 says', () => {
    expect(problemOf(() => parseJson('{"a/b":{"c~d":1e401}}')).field).toBe('/a~1b/c~0d')
  })

  it('shortens a pointer of long names', () => {
    const { field } = problemOf(() => parseJson(`{"${'n'.repeat(10_000)}":1e401}`))
    expect(field?.length).toBeLessThan(250)
  })

  it.each([
    '9007199254740993',
    '18446744073709551615',
    '9007199254740993.0',
    '90071992547409930e-1',
    '12345678901234567.5',
    '0.1234567890123456789',
    '1e400',
    '-1E+400',
    '1e-400',
    '5e-324',
    '1e300',
    '1.0',
    '-0.0',
    '10.50',
    '0e-400',
    '9'.repeat(100),
    `${'9'.repeat(100)}e400`,
    `0.${'9'.repeat(100)}e-400`,
    `1${'0'.repeat(499)}`,
    `0.${'0'.repeat(499)}1`,
  ])('keeps the text of the number %s', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text)
    expect(JSON.stringify(parseJson(`{"a":[${text}]}`))).toBe(`{"a":[${text}]}`)
  })

  it.each([
    ['-0', -0],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['1.7976931348623157', 1.7976931348623157],
    ['0.1', 0.1],
    ['"9007199254740993"', '9007199254740993'],
    ['"\\ud83d\\ude00"', '😀'],
  ])('reads %s as a value of JavaScript', (text, value) => {
    expect(parseJson(text)).toBe(value)
    expect(parseJson(`{"a":[${text}]}`)).toEqual({ a: [value] })
  })

  it('takes 64 levels and refuses 65, of arrays, of objects and without anything inside', () => {
    expect(() => parseJson(nested(64))).not.toThrow()
    expect(() => parseJson('{"a":'.repeat(63) + '{}' + '}'.repeat(63))).not.toThrow()
    expect(problemOf(() => parseJson(nested(65))).code).toBe('too_deep')
    expect(problemOf(() => parseJson('{"a":'.repeat(64) + '{}' + '}'.repeat(64))).code).toBe('too_deep')
  })

  it.each([
    ['hundred thousands of levels', nested(500_000)],
    ['the same around a long number', nested(500_000, '9007199254740993')],
    ['levels that never end', '['.repeat(500_000)],
    ['objects without end', '{"a":'.repeat(500_000)],
  ])('survives %s', (_, text) => {
    expect(['too_deep', 'bad_json']).toContain(problemOf(() => parseJson(text)).code)
  })

  it('keeps members with the names of prototypes as members', () => {
    const value = parseJson(
      '{"__proto__":{"x":1},"constructor":9007199254740991,"hasOwnProperty":2}',
    ) as object
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'hasOwnProperty'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(problemOf(() => parseJson('{"__proto__":{"x":1e401}}')).field).toBe('/__proto__/x')
  })
})

describe('decodeUtf8', () => {
  it.each([
    ['a byte of its own', [0xff]],
    ['an overlong form', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a cut sequence', [0x61, 0xe2, 0x82]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('refuses %s', (_, bytes) => {
    expect(problemOf(() => decodeUtf8(Uint8Array.from(bytes))).code).toBe('bad_encoding')
  })

  it('drops one byte order mark and nothing else', () => {
    const bytes = Buffer.from('\ufeff{"a":"\ufeff€😀"}')
    expect(decodeUtf8(bytes)).toBe('{"a":"\ufeff€😀"}')
  })

  it('reads only its own part of a larger buffer', () => {
    expect(decodeUtf8(new Uint8Array(Buffer.from('xxab\xff')).subarray(2, 4))).toBe('ab')
  })
})
