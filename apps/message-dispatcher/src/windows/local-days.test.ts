import { describe, expect, it } from '@jest/globals'
import { addDays, dayAt, formatDay, formatLocalTime, hourOf, localDay } from './local-days.ts'

const HOUR_MS = 3_600_000
const hoursOf = (day: string, zone: string) => {
  const { fromMs, untilMs } = localDay(day, zone)
  return (untilMs - fromMs) / HOUR_MS
}

describe('days of a time zone', () => {
  it('have 24 hours, 23 in spring and 25 in autumn', () => {
    expect(hoursOf('2026-06-01', 'Europe/Berlin')).toBe(24)
    expect(hoursOf('2026-03-29', 'Europe/Berlin')).toBe(23)
    expect(hoursOf('2026-10-25', 'Europe/Berlin')).toBe(25)
  })

  it('follow each other without a gap, also where midnight is skipped or the date line was moved', () => {
    for (const [day, zone] of [
      ['2026-04-24', 'Africa/Cairo'],
      ['2011-12-30', 'Pacific/Apia'],
      ['2026-10-25', 'Europe/Berlin'],
    ] as const) {
      expect([zone, localDay(day, zone).untilMs]).toEqual([zone, localDay(addDays(day, 1), zone).fromMs])
      expect(localDay(addDays(day, -1), zone).untilMs).toBe(localDay(day, zone).fromMs)
    }
  })

  it('hold the moments that lie in them', () => {
    expect(dayAt(Date.parse('2026-11-29T20:59:59Z'), 'Europe/Moscow')).toBe('2026-11-29')
    expect(dayAt(Date.parse('2026-11-29T21:00:00Z'), 'Europe/Moscow')).toBe('2026-11-30')
  })

  it('have each hour once: one that is skipped comes after the gap, one that is repeated the first time', () => {
    expect(new Date(hourOf('2026-03-29', 2, 'Europe/Berlin')).toISOString()).toBe('2026-03-29T01:00:00.000Z')
    expect(new Date(hourOf('2026-10-25', 2, 'Europe/Berlin')).toISOString()).toBe('2026-10-25T00:00:00.000Z')
  })

  it('are written for people', () => {
    expect(formatDay('2026-11-29')).toBe('Sunday 29 November 2026')
    expect(formatLocalTime(Date.parse('2026-11-29T11:05:59Z'), 'Europe/Moscow')).toBe('2026-11-29 14:05')
  })
})
