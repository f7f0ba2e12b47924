import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setZone } from '../format/zone.ts'
import { momentOf, parseTime, typedEnds } from './parse-time.ts'
import { readRange } from './time-range.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

beforeAll(() => setZone('Europe/Berlin'))
afterAll(() => setZone(undefined))

test.each([
  ['now', '2026-03-01T12:00:00.000Z'],
  [' NOW ', '2026-03-01T12:00:00.000Z'],
  ['-1h', '2026-03-01T11:00:00.000Z'],
  ['now-30m', '2026-03-01T11:30:00.000Z'],
  ['now - 2d', '2026-02-27T12:00:00.000Z'],
  ['2026-01-31', '2026-01-30T23:00:00.000Z'],
  ['2026-01-31 12:00', '2026-01-31T11:00:00.000Z'],
  ['2026-01-31T12:00:05', '2026-01-31T11:00:05.000Z'],
  ['2026-01-31T12:00:05Z', '2026-01-31T12:00:05.000Z'],
  ['2026-01-31T12:00:05.5+01:00', '2026-01-31T11:00:05.500Z'],
  ['9:05', '2026-03-01T08:05:00.000Z'],
  ['09:05:30', '2026-03-01T08:05:30.000Z'],
  ['1767225600', '2026-01-01T00:00:00.000Z'],
  ['1767225600000', '2026-01-01T00:00:00.000Z'],
])('%p is %s', (text, iso) => {
  expect(new Date(momentOf(parseTime(text, NOW)!, NOW)).toISOString()).toBe(iso)
})

test.each(['', 'soon', '-', '-1', '-1y', '-0h', '1h', '25:00', '2026-02-30T99:00', '12345', 'now+1h'])(
  '%p is no time',
  (text) => {
    expect(parseTime(text, NOW)).toBeUndefined()
  },
)

test('a range is typed as it is shown: relative to now, or in the zone of the reader', () => {
  expect(typedEnds(readRange(new URLSearchParams('range=90m')))).toEqual({ from: '-90m', to: 'now' })
  const fixed = new URLSearchParams('from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z')
  expect(typedEnds(readRange(fixed))).toEqual({ from: '2026-01-01 01:00:00', to: '2026-01-01 02:00:00' })
})
