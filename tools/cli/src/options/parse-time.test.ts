import { describe, expect, it } from '@jest/globals'
import { timeOption } from './parse-time.ts'

const NOW = Date.parse('2030-01-31T12:00:00Z')
const read = timeOption(() => NOW)

describe('a time of an option', () => {
  it.each([
    ['now', '2030-01-31T12:00:00.000Z'],
    ['-15m', '2030-01-31T11:45:00.000Z'],
    ['now-2h', '2030-01-31T10:00:00.000Z'],
    ['-1w', '2030-01-24T12:00:00.000Z'],
    ['+7d', '2030-02-07T12:00:00.000Z'],
    ['2030-01-31', '2030-01-31T00:00:00.000Z'],
    ['2030-01-31 12:00:30', '2030-01-31T12:00:30.000Z'],
    ['2030-01-31T12:00:00+02:00', '2030-01-31T10:00:00.000Z'],
    ['1893499200', '2030-01-01T12:00:00.000Z'],
    ['1893499200123', '2030-01-01T12:00:00.123Z'],
  ])('%s is %s', (text, expected) => expect(read(text)).toBe(expected))

  it.each(['', 'soon', '-1y', '15m', '-m', '2030-13-01', '-9999999999d'])('%j is refused', (text) => {
    expect(() => read(text)).toThrow('expected now, -15m')
  })
})
