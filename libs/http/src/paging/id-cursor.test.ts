import { describe, expect, it } from '@jest/globals'
import { encodeIdCursor, parseIdCursor } from './id-cursor.ts'

const cursorOf = (text: string) => Buffer.from(text).toString('base64url')

describe('a cursor of a list that is sorted by ids', () => {
  it('comes back as the id that it was made of', () => {
    for (const id of [0, 1, 17, Number.MAX_SAFE_INTEGER]) {
      expect(parseIdCursor('clients', encodeIdCursor('clients', id))).toBe(id)
      expect(parseIdCursor('products', encodeIdCursor('products', id))).toBe(id)
    }
    expect(parseIdCursor('clients', undefined)).toBeUndefined()
  })

  it('is the same in this version as in the one before, where it was no plain id', () => {
    expect(encodeIdCursor('products', 17)).toBe(cursorOf('i17'))
    expect(encodeIdCursor('messages', 17)).toBe(cursorOf('m17'))
    expect(encodeIdCursor('mailings', 17)).toBe(cursorOf('o17'))
  })

  it.each([
    ...(['mailings', 'mailingHistory', 'retriedMessages', 'clients', 'imports', 'importErrors'] as const),
    'deadLetters' as const,
  ])('may still be the plain id that the version before gave out: %s', (list) => {
    expect(parseIdCursor(list, '17')).toBe(17)
  })

  it.each(['products', 'messages'] as const)('is no plain id where it never was one: %s', (list) => {
    expect(() => parseIdCursor(list, '17')).toThrow('The cursor is not valid')
  })

  it.each([
    '',
    'x',
    '-1',
    '1.5',
    '99999999999999999999',
    'ZDE=',
    cursorOf('c'),
    cursorOf('c1x'),
    cursorOf('z1'),
  ])('is not %j', (cursor) => {
    expect(() => parseIdCursor('clients', cursor)).toThrow(
      'The cursor is not valid: expected nextCursor or prevCursor of a page of this list',
    )
  })

  it('of another list is recognised as such', () => {
    expect(() => parseIdCursor('clients', encodeIdCursor('imports', 1))).toThrow(
      expect.objectContaining({
        code: 'invalid_cursor',
        message: 'This cursor belongs to another list',
        details: { field: 'cursor', expected: 'nextCursor or prevCursor of a page of this list' },
      }),
    )
  })
})
