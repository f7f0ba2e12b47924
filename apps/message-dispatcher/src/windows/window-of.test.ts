import { describe, expect, it } from '@jest/globals'
import type { LocalWindow } from '@runnel/contracts'
import fc from 'fast-check'
import { ALWAYS_OPEN, windowOf, windowToBegin } from './window-of.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const isOpen = (nowMs: number, zone: string, window: LocalWindow): boolean =>
  windowOf(nowMs, zone, window).openFromMs <= nowMs

/** @param hours `09:00-21:00` */
function parse(hours: string): LocalWindow {
  const [from = 0, to = 0] = hours.split('-').map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    return hour * 60 + minute
  })
  return { from, to }
}

/** @returns the period at a moment, and those after it, as pairs of UTC times without seconds */
function periods(start: string, zone: string, hours: string, count = 1): string[] {
  const found: string[] = []
  let nowMs = Date.parse(start)
  while (found.length < count) {
    const { openFromMs, openUntilMs } = windowOf(nowMs, zone, parse(hours))
    found.push([openFromMs, openUntilMs].map((ms) => new Date(ms).toISOString().slice(0, 16)).join(' '))
    nowMs = openUntilMs
  }
  return found
}

describe('a daily window', () => {
  it('keeps its local hours over every change of the clocks in London and New York', () => {
    const cases: [string, string, string[]][] = [
      [
        '2026-03-28T12:00Z',
        'Europe/London',
        ['2026-03-28T09:00 2026-03-28T21:00', '2026-03-29T08:00 2026-03-29T20:00'],
      ],
      [
        '2026-10-24T12:00Z',
        'Europe/London',
        ['2026-10-24T08:00 2026-10-24T20:00', '2026-10-25T09:00 2026-10-25T21:00'],
      ],
      [
        '2027-03-27T12:00Z',
        'Europe/London',
        ['2027-03-27T09:00 2027-03-27T21:00', '2027-03-28T08:00 2027-03-28T20:00'],
      ],
      [
        '2027-10-30T12:00Z',
        'Europe/London',
        ['2027-10-30T08:00 2027-10-30T20:00', '2027-10-31T09:00 2027-10-31T21:00'],
      ],
      [
        '2026-03-07T16:00Z',
        'America/New_York',
        ['2026-03-07T14:00 2026-03-08T02:00', '2026-03-08T13:00 2026-03-09T01:00'],
      ],
      [
        '2026-10-31T16:00Z',
        'America/New_York',
        ['2026-10-31T13:00 2026-11-01T01:00', '2026-11-01T14:00 2026-11-02T02:00'],
      ],
      [
        '2027-03-13T16:00Z',
        'America/New_York',
        ['2027-03-13T14:00 2027-03-14T02:00', '2027-03-14T13:00 2027-03-15T01:00'],
      ],
      [
        '2027-11-06T16:00Z',
        'America/New_York',
        ['2027-11-06T13:00 2027-11-07T01:00', '2027-11-07T14:00 2027-11-08T02:00'],
      ],
    ]
    for (const [start, zone, expected] of cases) {
      expect([start, zone, ...periods(start, zone, '09:00-21:00', 2)]).toEqual([start, zone, ...expected])
    }
  })

  it('is an hour shorter or longer in the night of the change, when it crosses midnight', () => {
    expect(periods('2026-03-28T23:00Z', 'Europe/London', '22:00-04:00')).toEqual([
      '2026-03-28T22:00 2026-03-29T03:00',
    ])
    expect(periods('2026-10-25T03:59Z', 'Europe/London', '22:00-04:00')).toEqual([
      '2026-10-24T21:00 2026-10-25T04:00',
    ])
    expect(periods('2026-03-08T05:00Z', 'America/New_York', '22:00-04:00')).toEqual([
      '2026-03-08T03:00 2026-03-08T08:00',
    ])
    expect(periods('2026-11-01T05:00Z', 'America/New_York', '22:00-04:00')).toEqual([
      '2026-11-01T02:00 2026-11-01T09:00',
    ])
  })

  it('opens right after the gap where spring skips its opening, and not at all where spring skips it whole', () => {
    expect(periods('2026-03-29T00:00Z', 'Europe/London', '01:30-03:00')).toEqual([
      '2026-03-29T01:00 2026-03-29T02:00',
    ])
    expect(periods('2026-03-28T12:00Z', 'Europe/London', '01:15-01:45')).toEqual([
      '2026-03-30T00:15 2026-03-30T00:45',
    ])
    expect(periods('2026-03-29T00:30Z', 'Europe/London', '00:00-01:30')).toEqual([
      '2026-03-29T00:00 2026-03-29T01:00',
    ])
    expect(periods('2027-03-14T00:00Z', 'America/New_York', '02:30-05:00')).toEqual([
      '2027-03-14T07:00 2027-03-14T09:00',
    ])
  })

  it('is open twice where autumn repeats its hour', () => {
    expect(periods('2026-10-24T12:00Z', 'Europe/London', '01:15-01:45', 3)).toEqual([
      '2026-10-25T00:15 2026-10-25T00:45',
      '2026-10-25T01:15 2026-10-25T01:45',
      '2026-10-26T01:15 2026-10-26T01:45',
    ])
    expect(periods('2026-10-24T12:00Z', 'Europe/London', '01:00-02:00', 2)).toEqual([
      '2026-10-25T00:00 2026-10-25T02:00',
      '2026-10-26T01:00 2026-10-26T02:00',
    ])
    expect(periods('2026-10-25T01:10Z', 'Europe/London', '01:30-03:00')).toEqual([
      '2026-10-25T01:30 2026-10-25T03:00',
    ])
  })

  it('follows a change of half an hour, a day that never was, and Ramadan', () => {
    expect(periods('2026-10-03T12:00Z', 'Australia/Lord_Howe', '02:10-03:00')).toEqual([
      '2026-10-03T15:30 2026-10-03T16:00',
    ])
    expect(periods('2026-04-04T12:00Z', 'Australia/Lord_Howe', '01:45-02:00', 2)).toEqual([
      '2026-04-04T14:45 2026-04-04T15:00',
      '2026-04-04T15:15 2026-04-04T15:30',
    ])
    expect(periods('2011-12-29T20:00Z', 'Pacific/Apia', '09:00-21:00', 2)).toEqual([
      '2011-12-29T19:00 2011-12-30T07:00',
      '2011-12-30T19:00 2011-12-31T07:00',
    ])
    expect(periods('2011-12-30T09:00Z', 'Pacific/Apia', '22:00-02:00')).toEqual([
      '2011-12-30T08:00 2011-12-30T12:00',
    ])
    expect(periods('2025-02-21T12:00Z', 'Africa/Casablanca', '09:00-10:00', 2)).toEqual([
      '2025-02-22T08:00 2025-02-22T09:00',
      '2025-02-23T09:00 2025-02-23T10:00',
    ])
  })

  it('is the same every day in zones that never change', () => {
    expect(periods('2026-03-29T00:00Z', 'Asia/Kolkata', '09:00-21:00', 2)).toEqual([
      '2026-03-29T03:30 2026-03-29T15:30',
      '2026-03-30T03:30 2026-03-30T15:30',
    ])
    expect(periods('2026-03-29T00:00Z', 'UTC', '00:00-23:59')).toEqual(['2026-03-29T00:00 2026-03-29T23:59'])
  })

  it('takes in its first millisecond and leaves out its last', () => {
    const from = Date.parse('2026-06-01T09:00Z')
    const hours = parse('09:00-10:00')
    expect(
      [from - 0.5, from, from + HOUR_MS - 0.5, from + HOUR_MS].map((ms) => isOpen(ms, 'UTC', hours)),
    ).toEqual([false, true, true, false])
  })

  it('is always open where there is no window, and refuses an invalid zone or window', () => {
    expect(windowOf(Date.now(), 'nonsense', null)).toEqual(ALWAYS_OPEN)
    expect(() => windowOf(0, 'Mars/Olympus', { from: 0, to: 1 })).toThrow(RangeError)
    expect(() => windowOf(0, 'UTC', { from: 60, to: 60 })).toThrow(RangeError)
  })
})

/** The definition, minute by minute: what do the clocks on the walls show? */
function createOracle(zone: string, { from, to }: LocalWindow) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (ms: number): boolean => {
    const [hour = 0, minute = 0] = format.format(ms).split(':').map(Number)
    const shown = hour * 60 + minute
    return from < to ? shown >= from && shown < to : shown >= from || shown < to
  }
}

describe('against the clocks on the walls', () => {
  const minute = fc.integer({ min: 0, max: 1439 })
  const nightMinute = fc.integer({ min: 0, max: 240 })
  const window = fc
    .oneof(fc.record({ from: minute, to: minute }), fc.record({ from: nightMinute, to: nightMinute }))
    .filter(({ from, to }) => from !== to)
  // Moments within two days of a change, and moments anywhere.
  const near: [string, string][] = [
    ['Europe/London', '2026-03-29'],
    ['Europe/London', '2027-10-31'],
    ['America/New_York', '2026-11-01'],
    ['America/New_York', '2027-03-14'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-10-04'],
    ['Pacific/Apia', '2011-12-30'],
    ['Africa/Casablanca', '2025-02-23'],
    ['Africa/Casablanca', '2025-04-06'],
    ['Asia/Beirut', '2026-03-29'],
    ['Antarctica/Troll', '2026-10-25'],
    ['America/Caracas', '2016-05-01'],
    ['Asia/Kathmandu', '2026-01-01'],
  ]
  const moment = fc
    .constantFrom(...near)
    .chain(([zone, day]) =>
      fc
        .integer({ min: -2 * 1440, max: 3 * 1440 })
        .map((minutes) => ({ zone, nowMs: Date.parse(day) + minutes * MINUTE_MS })),
    )

  it('gives the same answer for every minute from the moment to the end of the period', () => {
    fc.assert(
      fc.property(moment, window, ({ zone, nowMs }, hours) => {
        const isOpenAt = createOracle(zone, hours)
        const { openFromMs, openUntilMs } = windowOf(nowMs, zone, hours)
        expect(openUntilMs).toBeGreaterThan(nowMs)
        expect(openUntilMs - nowMs).toBeLessThan(4 * DAY_MS)
        expect(isOpen(nowMs, zone, hours)).toBe(isOpenAt(nowMs))
        expect([isOpenAt(openFromMs - 1), isOpenAt(openUntilMs)]).toEqual([false, false])
        for (let ms = Math.min(nowMs, openFromMs); ms < openUntilMs; ms += MINUTE_MS) {
          if (isOpenAt(ms) !== ms >= openFromMs) throw new Error(`wrong at ${new Date(ms).toISOString()}`)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('what takes a while', () => {
  const begin = (time: string, hours: string, takesMs: number) => {
    const { openFromMs, openUntilMs } = windowToBegin(Date.parse(time), 'UTC', parse(hours), takesMs)
    return [openFromMs, openUntilMs].map((ms) => new Date(ms).toISOString().slice(0, 19))
  }

  it('begins early enough to be over before the window closes, or else in the next one', () => {
    const today = ['2026-03-01T09:00:00', '2026-03-01T20:59:50']
    const tomorrow = ['2026-03-02T09:00:00', '2026-03-02T20:59:50']
    expect(begin('2026-03-01T08:00Z', '09:00-21:00', 10_000)).toEqual(today)
    expect(begin('2026-03-01T20:59:49.999Z', '09:00-21:00', 10_000)).toEqual(today)
    expect(begin('2026-03-01T20:59:50Z', '09:00-21:00', 10_000)).toEqual(tomorrow)
    expect(begin('2026-03-01T21:00Z', '09:00-21:00', 10_000)).toEqual(tomorrow)
  })

  it('begins in the first half of a window that is shorter than twice as long', () => {
    const today = ['2026-03-01T09:00:00', '2026-03-01T09:00:30']
    expect(begin('2026-03-01T09:00:29Z', '09:00-09:01', 60_000)).toEqual(today)
    expect(begin('2026-03-01T09:00:30Z', '09:00-09:01', 60_000)).toEqual([
      '2026-03-02T09:00:00',
      '2026-03-02T09:00:30',
    ])
  })

  it('may begin at any time where there is no window', () => {
    expect(windowToBegin(Date.now(), 'UTC', null, 60_000).openFromMs).toBeLessThan(Date.now())
  })
})
