import { expect, test } from '@jest/globals'
import { fixedChanges, presetChanges, rangeLabel, rangeParams, readRange } from './time-range.ts'

const read = (query: string) => readRange(new URLSearchParams(query))

test.each(['', 'range=3y', 'from=x&to=y', 'from=2026-01-02&to=2026-01-01', 'from=2026-01-02'])(
  'an address that names no range (%p) means the last 24 hours',
  (query) => {
    expect(read(query)).toMatchObject({ kind: 'preset', id: '24h' })
  },
)

test('both ends win over a preset', () => {
  expect(read('range=1h&from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z')).toMatchObject({
    kind: 'fixed',
    toMs: Date.parse('2026-01-01T01:00:00Z'),
  })
})

test('a preset is asked for without an end, so that a clock ahead loses nothing', () => {
  const nowMs = Date.parse('2026-01-01T12:00:00Z')
  expect(rangeParams(read('range=1h'), nowMs)).toEqual({ from: '2026-01-01T11:00:00.000Z' })
})

test('the default preset leaves the address short, and every choice starts at the first page', () => {
  expect(presetChanges('24h')).toEqual({ range: null, from: null, to: null, cursor: null })
  expect(presetChanges('7d').range).toBe('7d')
  expect(fixedChanges(0, 1000)).toMatchObject({ to: '1970-01-01T00:00:01.000Z', cursor: null })
})

test('a range within a day names the day once', () => {
  const fromMs = new Date(2026, 0, 5, 7).getTime()
  expect(rangeLabel({ kind: 'fixed', fromMs, toMs: fromMs + 3_600_000 })).toBe(
    '2026-01-05 07:00:00 – 08:00:00',
  )
})
