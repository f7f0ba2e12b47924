import { describe, expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import { parsePhone, type CountryCode } from './parse-phone.ts'

const refusal = (text: string, country?: CountryCode): AppError => {
  try {
    parsePhone(text, { country })
  } catch (error) {
    return error as AppError
  }
  throw new Error(`${text} was taken`)
}

describe('a phone number', () => {
  it.each([
    '79160000012',
    '+79160000012',
    '+7 (916) 000-00-12',
    '7-916-000-00-12',
    '+7.916.000.00.12',
    "'+79160000012",
    '\u2019+7 916 0000012',
    '79160000012.0',
    '79160000012,00',
    ' \u00a0+7\u202f916\u2011000\u201300\u201212\u00a0',
    '\u202a+79160000012\u202c',
    '\u200b+7\u2060 916 000 00 12',
    'tel:+7-916-000-00-12',
    '００７９１６００００012',
    '007 916 000 00 12',
  ])('is known by its digits, however it is written: %j', (text) => {
    expect(parsePhone(text)).toEqual({ number: 79_160_000_012, operatorCode: '916' })
  })

  it.each([
    ['8 916 000-00-12', 'RU', 79_160_000_012],
    ['8(916)0000012', 'RU', 79_160_000_012],
    ['916 000 00 12', 'RU', 79_160_000_012],
    ['8 701 234 56 78', 'KZ', 77_012_345_678],
    ['+49 151 12345678', 'RU', 4_915_112_345_678],
    ['0151 12345678', 'DE', 4_915_112_345_678],
    ['06 12 34 56 78', 'FR', 33_612_345_678],
    ['(415) 555-2671', 'US', 14_155_552_671],
    ['+44 (0)20 7946 0958', 'RU', 442_079_460_958],
    ['79160000012', 'FR', 79_160_000_012],
    ['380501234567', 'UA', 380_501_234_567],
  ] as const)(
    'without the code of its country is one of the country that is given: %s in %s',
    (text, country, number) => {
      expect(parsePhone(text, { country }).number).toBe(number)
    },
  )

  it.each(['7,9161E+10', '7.9161E+10', '7.9161e10', '7E+10', "'7,91612E+10"])(
    'in scientific notation is refused by that name, for its digits are lost: %s',
    (text) => {
      expect(refusal(text, 'RU').message).toMatch('scientific notation')
      expect(refusal(text).details.expected).toMatch('as text')
    },
  )

  it.each(['8 916 000-00-12', '9160000012', '0151 12345678'])(
    'that lacks the code of its country is refused with the way to give the country: %s',
    (text) => expect(refusal(text).details.expected).toMatch('country=RU'),
  )

  it('that is valid in two countries is refused, and both are named', () => {
    const { message, details } = refusal('79161234567', 'DE')
    expect(message).toMatch('two ways')
    expect(details.expected).toMatch('+4979161234567 or +79161234567')
  })

  it.each([
    ...[
      '',
      '+',
      '12',
      '7916000001',
      '791600000123',
      '7916000001x',
      '79160000012, 79160000013',
      '7916000001.2',
    ],
    ...[
      '79160000012/79160000013',
      '+7 916 000-00-12 ext. 5',
      '8 916 000-00-12 доб. 5',
      '-79160000012e',
      '++79160000012',
    ],
  ])('is refused where it is no number, or more than one: %j', (text) => {
    expect(refusal(text).code).toBe('invalid_field')
    expect(refusal(text, 'RU').code).toBe('invalid_field')
  })
})
