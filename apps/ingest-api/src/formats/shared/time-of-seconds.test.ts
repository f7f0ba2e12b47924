import { expect, it } from '@jest/globals'
import { parseTimestamp, type JsonValue } from '@runnel/contracts'
import fc from 'fast-check'
import { timeOfSeconds } from './time-of-seconds.ts'

it.each<[JsonValue, JsonValue]>([
  [1795953600, '2026-11-29T12:00:00Z'],
  [0, '1970-01-01T00:00:00Z'],
  [1795953600.125, '2026-11-29T12:00:00.125Z'],
  ['1795953600.250', '2026-11-29T12:00:00.250Z'],
  [JSON.rawJSON('1795953600.1234567891') as unknown as JsonValue, '2026-11-29T12:00:00.123456789Z'],
  [1795953600123, 1795953600123],
  [-5, -5],
  [1e21, 1e21],
  ['1795953600.', '1795953600.'],
  ['', ''],
  [null, null],
  [true, true],
])('of %j is %j', (sent, time) => {
  expect(timeOfSeconds(sent)).toEqual(time)
})

it('changes nothing but the form of a time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e9, max: 9_999_999_999 }), fc.nat(999), (seconds, ms) => {
      const text = `${seconds}.${String(ms).padStart(3, '0')}`
      expect(parseTimestamp(timeOfSeconds(text))).toBe(parseTimestamp(text))
    }),
    { seed: 1, numRuns: 1000 },
  )
})

it('gives back what is no number of seconds', () => {
  fc.assert(
    fc.property(fc.oneof(fc.object(), fc.constant({ toString: 1 })), (sent) => {
      expect(timeOfSeconds(sent as JsonValue)).toBe(sent)
    }),
    { seed: 1, numRuns: 200 },
  )
})
