import { describe, expect, it } from '@jest/globals'
import { AppError } from '../app-error.ts'
import { parseTimeZone, timeZoneNames } from './parse-time-zone.ts'

describe('parseTimeZone', () => {
  it.each([
    ['europe/moscow', 'Europe/Moscow'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['utc', 'UTC'],
    ['US/Pacific', 'US/Pacific'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['europe/kiev', 'Europe/Kiev'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['ASIA/CALCUTTA', 'Asia/Calcutta'],
    ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
    ['etc/gmt+3', 'Etc/GMT+3'],
    ['nz-chat', 'NZ-CHAT'],
  ])('reads %s as %s', (text, name) => expect(parseTimeZone(text)).toBe(name))

  it('knows the other names of a zone', () => {
    for (const name of ['Asia/Kolkata', 'Asia/Calcutta'])
      expect([...timeZoneNames(name)].sort()).toEqual(['Asia/Calcutta', 'Asia/Kolkata'])
    expect(timeZoneNames('Europe/Kyiv')).toContain('Europe/Kiev')
    expect(timeZoneNames('Asia/Omsk')).toEqual(['Asia/Omsk'])
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
