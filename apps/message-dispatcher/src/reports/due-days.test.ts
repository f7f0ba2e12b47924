import { describe, expect, it } from '@jest/globals'
import { addDays } from '../windows/local-days.ts'
import { daysToReport, dueMs, newestDueDay } from './due-days.ts'

const MOSCOW = { hour: 8, timeZone: 'Europe/Moscow' }
const at = (iso: string) => Date.parse(iso)

describe('days to report', () => {
  it('are due at their hour of the next day, and not a moment before', () => {
    expect(newestDueDay(at('2026-11-30T05:00:00Z'), MOSCOW)).toBe('2026-11-29')
    expect(newestDueDay(at('2026-11-30T04:59:59.999Z'), MOSCOW)).toBe('2026-11-28')
  })

  it.each(['Europe/Berlin', 'Africa/Cairo', 'Australia/Lord_Howe'])(
    'come one by one through a year of %s, at every hour',
    (timeZone) => {
      for (const hour of [0, 2, 8]) {
        let day = '2026-01-01'
        while (day < '2027-01-01') {
          const due = dueMs(day, { hour, timeZone })
          expect([day, hour, newestDueDay(due, { hour, timeZone })]).toEqual([day, hour, day])
          expect([day, hour, newestDueDay(due - 1, { hour, timeZone })]).toEqual([
            day,
            hour,
            addDays(day, -1),
          ])
          day = addDays(day, 1)
        }
      }
    },
  )

  it('begin with yesterday where nothing was reported before', () => {
    expect(daysToReport(at('2026-11-30T06:00:00Z'), MOSCOW, new Set())).toEqual(['2026-11-29'])
  })

  it('are none once the newest was reported', () => {
    expect(daysToReport(at('2026-11-30T06:00:00Z'), MOSCOW, new Set(['2026-11-29']))).toEqual([])
  })

  it('are made up for after an outage, the earliest first, and no more than three', () => {
    const now = at('2026-11-30T06:00:00Z')
    expect(daysToReport(now, MOSCOW, new Set(['2026-11-26']))).toEqual([
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
    ])
    expect(daysToReport(now, MOSCOW, new Set(['2026-11-28']))).toEqual(['2026-11-29'])
    expect(daysToReport(now, MOSCOW, new Set(['2026-11-01']))).toEqual(['2026-11-29'])
  })

  it('do not stop because of a day that was reported by a clock that was ahead', () => {
    const told = new Set(['2026-11-28', '2027-01-15'])
    expect(daysToReport(at('2026-11-30T06:00:00Z'), MOSCOW, told)).toEqual(['2026-11-29'])
  })
})
