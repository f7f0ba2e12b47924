import { expect, test } from '@jest/globals'
import {
  fixedChanges,
  presetChanges,
  presetsUpTo,
  rangeLabel,
  rangeParams,
  readRange,
  shiftChanges,
  spanAround,
  widenChanges,
} from './time-range.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

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
  expect(presetChanges(DAY_MS)).toEqual({ range: null, from: null, to: null, cursor: null })
  expect(presetChanges(7 * DAY_MS).range).toBe('7d')
  expect(fixedChanges(0, 1000)).toMatchObject({ to: '1970-01-01T00:00:01.000Z', cursor: null })
})

test('a range within a day names the day once', () => {
  const fromMs = new Date(2026, 0, 5, 7).getTime()
  expect(rangeLabel({ kind: 'fixed', fromMs, toMs: fromMs + 3_600_000 })).toBe(
    '2026-01-05 07:00:00 – 08:00:00',
  )
})

test.each([
  ['90m', 'Last 90 minutes'],
  ['1h', 'Last hour'],
  ['60m', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['48h', 'Last 2 days'],
])('any duration can be a range: %s is called "%s"', (id, label) => {
  expect(rangeLabel(read(`range=${id}`))).toBe(label)
})

test('ranges are offered from five minutes up to all that is kept', () => {
  const labels = presetsUpTo(10 * DAY_MS).map(({ label }) => label)
  expect([labels[0], ...labels.slice(-2)]).toEqual([
    'Last 5 minutes',
    'Last 7 days',
    'All that is kept (10 days)',
  ])
  expect(presetsUpTo(undefined).at(-1)?.id).toBe('30d')
})

test('a range is moved by its own length, and ends now where it would reach beyond', () => {
  const nowMs = Date.parse('2026-01-01T12:00:00Z')
  const before = shiftChanges(read('range=1h'), -1, nowMs)
  expect(before).toMatchObject({ from: '2026-01-01T10:00:00.000Z', to: '2026-01-01T11:00:00.000Z' })
  const fixed = read(`from=${before.from}&to=${before.to}`)
  expect(shiftChanges(fixed, 1, nowMs)).toMatchObject({ range: '1h', from: null })
  expect(shiftChanges(fixed, -1, nowMs)).toMatchObject({ from: '2026-01-01T09:00:00.000Z' })
})

test('a range is widened to twice its length', () => {
  const nowMs = Date.parse('2026-01-01T12:00:00Z')
  expect(widenChanges(read('range=1h'), nowMs)).toMatchObject({ range: '2h', from: null })
  const fixed = read('from=2026-01-01T08:00:00Z&to=2026-01-01T10:00:00Z')
  expect(widenChanges(fixed, nowMs)).toMatchObject({
    from: '2026-01-01T07:00:00.000Z',
    to: '2026-01-01T11:00:00.000Z',
  })
})

test('a moment is shown with what was before and after it, in a range as long as before', () => {
  const atMs = Date.parse('2025-06-01T12:00:00Z')
  const { fromMs, toMs } = spanAround(read('range=1h'), atMs, Date.now())
  expect([atMs - fromMs, toMs - atMs]).toEqual([54 * 60_000, 6 * 60_000])
})
