import { AppError } from '@runnel/contracts'
import { describe, expect, it } from '@jest/globals'
import { findJoin } from './find-join.ts'
import { parseJson } from './parse-json.ts'

describe('findJoin', () => {
  it.each([
    ['{"a":1}{"b":2}', 7],
    ['{"a":1}, {"b":2}', 9],
    [' {"a":"}{"} \r\n{', 14],
    ['{"a":"\\"}{"}[{"b":2}]', 12],
    ['[1][2]', 3],
  ])('finds the second value of %j', (text, at) => {
    expect(findJoin(text)).toBe(at)
  })

  it.each([
    '',
    '{',
    '{"a":1',
    '{"a":"',
    '{"a":"\\',
    '{"a":1}}',
    '{"a":1} trailing',
    '{a:1}{"b":2}',
    '1 2',
    '[1]]',
    '{]}{}',
  ])('finds none in %j', (text) => {
    expect(findJoin(text)).toBeUndefined()
  })

  it('has the error say how several are sent', () => {
    expect(() => parseJson('{"a":1}{"b":2}')).toThrow(
      expect.objectContaining({
        code: 'bad_json',
        message: 'Another value begins behind the end of the JSON, at character 8',
        details: { expected: 'one JSON value; several as an array, or one a line as application/x-ndjson' },
      } satisfies Partial<AppError>),
    )
  })
})
