import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseTimestamp } from './parse-timestamp.ts'

const at = (text: string) => Date.parse(text)

describe('parseTimestamp', () => {
  it.each([
    ['2025-06-01T12:30:15Z', '2025-06-01T12:30:15Z'],
    ['2025-06-01t12:30:15z', '2025-06-01T12:30:15Z'],
    ['2025-06-01T12:30:15.5Z', '2025-06-01T12:30:15.500Z'],
    ['2025-06-01 12:30:15,123456789', '2025-06-01T12:30:15.123Z'],
    ['2025-06-01T12:30+02:00', '2025-06-01T10:30:00Z'],
    ['2025-06-01T12:30:15-0530', '2025-06-01T18:00:15Z'],
    ['2025-06-01 12:30:15 +02:00', '2025-06-01T10:30:15Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
  ])('reads %s', (text, expected) => {
    expect(parseTimestamp(text)).toBe(at(expected))
  })

  it('takes a text without a zone for UTC, wherever the process runs', () => {
    expect(parseTimestamp('2025-06-01T12:30:15')).toBe(at('2025-06-01T12:30:15Z'))
    expect(parseTimestamp('2025-06-01')).toBe(at('2025-06-01T00:00:00Z'))
  })

  it('takes numbers for seconds, and from 1e11 on for milliseconds', () => {
    expect(parseTimestamp(1_700_000_000)).toBe(1_700_000_000_000)
    expect(parseTimestamp(1_700_000_000.1234)).toBe(1_700_000_000_123)
    expect(parseTimestamp(1_700_000_000_123)).toBe(1_700_000_000_123)
    expect(parseTimestamp(1e11)).toBe(1e11)
    expect(parseTimestamp(99_999_999_999)).toBe(99_999_999_999_000)
    expect(parseTimestamp(0)).toBe(0)
    expect(parseTimestamp(-1)).toBe(-1000)
  })

  it('ends at the years 1 and 9999', () => {
    expect(parseTimestamp('0001-01-01T00:00:00Z')).toBe(at('0001-01-01T00:00:00Z'))
    expect(parseTimestamp('9999-12-31T23:59:59.999Z')).toBe(at('9999-12-31T23:59:59.999Z'))
    expect(parseTimestamp('0000-12-31T23:59:59Z')).toBeUndefined()
    expect(parseTimestamp('0001-01-01T00:00:00+01:00')).toBeUndefined()
    expect(parseTimestamp('9999-12-31T23:59:59-01:00')).toBeUndefined()
    expect(parseTimestamp(253_402_300_800_000)).toBeUndefined()
    expect(parseTimestamp(-62_135_596_800_001)).toBeUndefined()
  })

  it.each([
    '2025-02-30',
    '2025-02-29T10:00:00Z',
    '2025-04-31T10:00:00Z',
    '2025-00-10',
    '2025-13-01',
    '2025-01-32',
    '2025-01-01T25:00:00Z',
    '2025-01-01T10:60:00Z',
    '2025-01-01T10:00:00+24:00',
    '2025-1-1',
    '10:00',
    '2025-06-01T',
    '2025-06-01T12',
    '2025-06-01Z',
    ' 2025-06-01',
    '2025-06-01\n',
    '1700000000',
    'yesterday',
    'Sun, 01 Jun 2025 12:30:15 GMT',
    '+275760-09-13T00:00:00Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })

  it.each([NaN, Infinity, 1e300, null, undefined, true, {}, [], 1n])('refuses %p', (value) => {
    expect(parseTimestamp(value)).toBeUndefined()
  })

  it('reads back what toISOString wrote', () => {
    const valid = { noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }
    fc.assert(
      fc.property(fc.date(valid), (date) => {
        expect(parseTimestamp(date.toISOString())).toBe(date.getTime())
      }),
      { seed: 1 },
    )
  })
})
