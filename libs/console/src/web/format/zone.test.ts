import { afterEach, describe, expect, test } from '@jest/globals'
import { currentZone, parseWallClock, setZone, toWallInput, wallClock, zoneOffsetMs } from './zone.ts'

const HOUR_MS = 3_600_000
const WINTER = Date.parse('2026-01-15T12:00:00Z')
const SUMMER = Date.parse('2026-07-15T12:00:00Z')

afterEach(() => setZone(undefined))

test.each([
  ['UTC', 0, 0],
  ['Europe/Berlin', 1, 2],
  ['America/New_York', -5, -4],
  ['Asia/Kolkata', 5.5, 5.5],
])('%s is ahead of UTC by %d h in winter and %d h in summer', (zone, winter, summer) => {
  setZone(zone)
  expect([zoneOffsetMs(WINTER), zoneOffsetMs(SUMMER)]).toEqual([winter * HOUR_MS, summer * HOUR_MS])
})

test('without a choice, the zone is the one of the browser', () => {
  expect(currentZone()).toBeUndefined()
  expect(wallClock(WINTER).getUTCHours()).toBe(new Date(WINTER).getHours())
})

test('an unknown zone is refused, and the one before stays', () => {
  setZone('UTC')
  expect(() => setZone('Mars/Olympus')).toThrow(RangeError)
  expect(currentZone()).toBe('UTC')
})

describe('what clocks of the zone show', () => {
  test.each([
    ['2026-01-15', '2026-01-14T23:00:00.000Z'],
    ['2026-01-15T12:00', '2026-01-15T11:00:00.000Z'],
    [' 2026-07-15 12:00:05 ', '2026-07-15T10:00:05.000Z'],
    ['2026-07-15 12:00:05.250', '2026-07-15T10:00:05.250Z'],
    // The hour before and after clocks change.
    ['2026-03-29T01:30', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29T03:30', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T03:30', '2026-10-25T02:30:00.000Z'],
  ])('%s in Berlin is %s', (text, iso) => {
    setZone('Europe/Berlin')
    expect(new Date(parseWallClock(text)).toISOString()).toBe(iso)
  })

  test.each(['', 'soon', '2026-13-40', '12:00', '2026-01-15T25:00', '2026-01-15T12:00Z'])(
    '%p is none',
    (text) => {
      expect(parseWallClock(text)).toBeNaN()
    },
  )

  test('what is typed is the moment that it was filled with', () => {
    setZone('America/New_York')
    expect(toWallInput(WINTER)).toBe('2026-01-15T07:00')
    expect(parseWallClock(toWallInput(WINTER))).toBe(WINTER)
  })
})
