import { describe, expect, it } from '@jest/globals'
import { AppError } from '../app-error.ts'
import { parseTimeZone } from './parse-time-zone.ts'

describe('parseTimeZone', () => {
  it.each([
    ['europe/moscow', 'Europe/Moscow'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['utc', 'UTC'],
    ['US/Pacific', 'America/Los_Angeles'],
  ])('reads %s as %s', (text, name) => expect(parseTimeZone(text)).toBe(name))

  it('gives zones with several names one of them', () => {
    expect(parseTimeZone('Asia/Kolkata')).toBe(parseTimeZone('asia/calcutta'))
  })

  it('takes every zone of the runtime as it is', () => {
    for (const name of Intl.supportedValuesOf('timeZone')) expect(parseTimeZone(name)).toBe(name)
  })

  const refusal = (text: string): AppError => {
    try {
      parseTimeZone(text)
    } catch (error) {
      return error as AppError
    }
    throw new Error(`${text} was taken`)
  }

  it.each(['+03:00', '-0500', '\u221203:00', 'GMT+3', 'UTC+3', 'utc-10:30', 'Z', 'MSK'])(
    'refuses the offset %s, and names a place',
    (text) => {
      const { code, message, details } = refusal(text)
      expect([code, details.field]).toEqual(['invalid_field', '/timeZone'])
      expect(message).toMatch('offset')
      expect(details.expected).toMatch('Europe/Moscow')
    },
  )

  it.each(['', ' ', 'Mars/Olympus', 'Europe/Moscow ', 'x'.repeat(10_000), '\0', '__proto__'])(
    'refuses %j, which is not a time zone, however often',
    (text) => {
      for (let i = 0; i < 2; i++) expect(refusal(text)).toMatchObject({ code: 'invalid_field' })
    },
  )
})
