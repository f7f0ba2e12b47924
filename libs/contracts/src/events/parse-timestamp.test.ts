import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseTimestamp } from './parse-timestamp.ts'

const at = (text: string) => Date.parse(text)

/** A number as libs/json reads it where a double would change it. */
const rawNumber = (JSON as unknown as { rawJSON(text: string): object }).rawJSON

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
    ['2025-06-01T12:30:15.123456789123Z', '2025-06-01T12:30:15.123Z'],
    ['2025-06-01T12:30:15.9999999999Z', '2025-06-01T12:30:15.999Z'],
    ['2025-06-01T12:30:15+02', '2025-06-01T10:30:15Z'],
    ['2025-06-01T12:30:15-0800', '2025-06-01T20:30:15Z'],
    ['2025-06-01 12:30:15 UTC', '2025-06-01T12:30:15Z'],
    ['2025-06-01 12:30:15GMT', '2025-06-01T12:30:15Z'],
    ['2009-11-10 23:00:00.123456789 +0100 CET', '2009-11-10T22:00:00.123Z'],
    ['20250601T123015Z', '2025-06-01T12:30:15Z'],
    ['2025/06/01 12:30:15', '2025-06-01T12:30:15Z'],
    ['2025-06-01T24:00:00Z', '2025-06-02T00:00:00Z'],
    ['0099-03-01T00:00:00Z', '0099-03-01T00:00:00Z'],
  ])('reads %s', (text, expected) => {
    expect(parseTimestamp(text)).toBe(at(expected))
  })

  it('takes a text without a zone for UTC, wherever the process runs', () => {
    expect(parseTimestamp('2025-06-01T12:30:15')).toBe(at('2025-06-01T12:30:15Z'))
    expect(parseTimestamp('2025-06-01')).toBe(at('2025-06-01T00:00:00Z'))
  })

  it('takes a leap second for the one behind it, where a day ends in UTC', () => {
    expect(parseTimestamp('2016-12-31T23:59:60Z')).toBe(at('2017-01-01T00:00:00Z'))
    expect(parseTimestamp('2017-01-01T05:29:60.25+05:30')).toBe(at('2017-01-01T00:00:00.250Z'))
    expect(parseTimestamp('2016-12-31T12:30:60Z')).toBeUndefined()
    expect(parseTimestamp('2016-12-31T23:59:60+01:00')).toBeUndefined()
    expect(parseTimestamp('2016-12-31T23:59:61Z')).toBeUndefined()
  })

  const NOON = at('2026-11-29T12:00:00.123Z')

  it.each(['1795953600.123', '1795953600123', '1795953600123456', '1795953600123456789'])(
    'reads the epoch %s as a number, as digits, and as a number with its text',
    (digits) => {
      const number = Number(digits)
      expect(parseTimestamp(digits)).toBe(NOON)
      expect(parseTimestamp(rawNumber(digits))).toBe(NOON)
      if (String(number) === digits) expect(parseTimestamp(number)).toBe(NOON)
    },
  )

  it('knows the unit of a number by its digits', () => {
    expect(parseTimestamp(0)).toBe(0)
    expect(parseTimestamp(-1)).toBe(-1000)
    expect(parseTimestamp(1_700_000_000.1239)).toBe(1_700_000_000_123)
    expect(parseTimestamp(1_700_000_000_123.9)).toBe(1_700_000_000_123)
    expect(parseTimestamp(99_999_999_999)).toBe(99_999_999_999_000)
    expect(parseTimestamp(100_000_000_000)).toBe(1e11)
    expect(parseTimestamp(9_999_999_999_999)).toBe(9_999_999_999_999)
    expect(parseTimestamp(100_000_000_000_000)).toBe(1e11)
    expect(parseTimestamp('9999999999999999')).toBe(9_999_999_999_999)
    expect(parseTimestamp('1000000000000000000')).toBe(1e12)
    expect(parseTimestamp(rawNumber('1.7e9'))).toBe(1_700_000_000_000)
    expect(parseTimestamp(rawNumber('1700000000.00000000000000000001'))).toBe(1_700_000_000_000)
    expect(parseTimestamp('1795953600999999999')).toBe(1_795_953_600_999)
  })

  it.each([
    ['20261129185959', '2026-11-29T18:59:59Z'],
    ['20261129185959123', '2026-11-29T18:59:59.123Z'],
    ['20261129185959123456', '2026-11-29T18:59:59.123Z'],
    ['202611291859', '2026-11-29T18:59:00Z'],
    ['20261129', '2026-11-29T00:00:00Z'],
  ])('reads %s, which is no epoch, as the time that it spells', (digits, expected) => {
    expect(parseTimestamp(digits)).toBe(at(expected))
    expect(parseTimestamp(rawNumber(digits))).toBe(at(expected))
  })

  it.each([
    '20261329185959',
    '29991129185959',
    '30000000000000',
    '20261129185959000000000',
    '1'.repeat(5000),
  ])('refuses the number %s', (digits) => {
    expect(parseTimestamp(digits)).toBeUndefined()
    expect(parseTimestamp(rawNumber(digits))).toBeUndefined()
    expect(parseTimestamp(Number(digits))).toBeUndefined()
  })

  it('ends at the years 1 and 9999', () => {
    expect(parseTimestamp('0001-01-01T00:00:00Z')).toBe(at('0001-01-01T00:00:00Z'))
    expect(parseTimestamp('9999-12-31T23:59:59.999Z')).toBe(at('9999-12-31T23:59:59.999Z'))
    expect(parseTimestamp('0000-12-31T23:59:59Z')).toBeUndefined()
    expect(parseTimestamp('0001-01-01T00:00:00+01:00')).toBeUndefined()
    expect(parseTimestamp('9999-12-31T23:59:59-01:00')).toBeUndefined()
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
    '2025',
    '10',
    '20251301',
    '2025-0601',
    '2025-06-01T12:30:15.Z',
    '2025-06-01T12:30:15 MSK',
    '2025-06-01T24:00:01Z',
    '1700000000 ',
    '1e18',
    'yesterday',
    'Sun, 01 Jun 2025 12:30:15 GMT',
    '+275760-09-13T00:00:00Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })

  it.each([NaN, Infinity, 1e300, null, undefined, true, {}, [], 1n, { rawJSON: '1700000000' }])(
    'refuses %p',
    (value) => {
      expect(parseTimestamp(value)).toBeUndefined()
    },
  )

  it('reads back what toISOString wrote', () => {
    const valid = { noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }
    fc.assert(
      fc.property(fc.date(valid), (date) => {
        expect(parseTimestamp(date.toISOString())).toBe(date.getTime())
      }),
      { seed: 1 },
    )
  })

  it('reads an epoch in every unit as the time that it counts', () => {
    const times = fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n - 1n })
    const units = fc.constantFrom(1n, 1_000n, 1_000_000n, 1_000_000_000n)
    fc.assert(
      fc.property(times, units, (ns, unit) => {
        const digits = String(ns / unit)
        const ms = Number(ns / 1_000_000n) - (unit === 1_000_000_000n ? Number((ns / 1_000_000n) % 1000n) : 0)
        expect(parseTimestamp(digits)).toBe(ms)
        expect(parseTimestamp(rawNumber(digits))).toBe(ms)
      }),
      { seed: 1 },
    )
  })

  it('reads a time in UTC, valid or not, as the same with a zone', () => {
    const upTo = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))
    const century = fc.constantFrom('00', '01', '19', '20', '99')
    const fraction = fc.oneof(
      fc.constantFrom('', '.', '.x', '.1x', ',5'),
      fc.nat().map((n) => `.${n}`),
    )
    const parts = fc.tuple(century, upTo(99), upTo(13), upTo(32), upTo(25), upTo(61), upTo(61), fraction)
    const damage = fc.option(fc.tuple(fc.nat({ max: 18 }), fc.constantFrom('-', ':', ' ', 't', '/', '٣')))
    fc.assert(
      fc.property(parts, damage, ([hundreds, year, month, day, hour, minute, second, decimals], damaged) => {
        const text = `${hundreds}${year}-${month}-${day}T${hour}:${minute}:${second}${decimals}`
        const at = damaged?.[0] ?? 0
        const sent = damaged ? text.slice(0, at) + damaged[1] + text.slice(at + 1) : text
        expect(parseTimestamp(`${sent}Z`)).toBe(parseTimestamp(`${sent}+00:00`))
      }),
      { seed: 1, numRuns: 5000 },
    )
  })
})
