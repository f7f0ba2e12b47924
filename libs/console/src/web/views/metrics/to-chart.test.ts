import { expect, test } from '@jest/globals'
import { toChart } from './to-chart.ts'

const head = { name: 'temp', agg: 'avg', from: '', to: '', stepMs: 1000, intervalMs: null, truncated: false }
const points = (...values: (number | null)[]) =>
  values.map((value, i) => ({ at: new Date(i * 1000).toISOString(), value }))
const rooms = ['kitchen', null].map((value) => ({ tag: { name: 'room', value }, points: points(1) }))

test('gaps stay gaps, and a series without a group is named for what it is', () => {
  expect(toChart([{ answer: { ...head, series: [{ points: points(1, null, 3) }] }, unit: 'C' }])).toEqual({
    timesMs: [0, 1000, 2000],
    series: [{ label: 'avg(temp)', colorKey: 'temp', unit: 'C', values: [1, null, 3] }],
    isEmpty: false,
  })
})

test('groups are named by their tag, also those that have none', () => {
  const { series } = toChart([{ answer: { ...head, series: rooms }, unit: null }])
  expect(series.map(({ label }) => label)).toEqual(['room=kitchen', 'room=(none)'])
})

test('a group has the same colour whatever metric is grouped, and beside whatever else', () => {
  const alone = toChart([{ answer: { ...head, series: rooms }, unit: null }])
  const other = {
    answer: { ...head, name: 'humidity', series: rooms.slice(0, 1) },
    unit: '%',
    prefix: 'humidity',
  }
  const beside = toChart([{ answer: { ...head, series: [{ points: points(1) }] }, unit: null }, other])
  expect(beside.series[1]).toMatchObject({ label: 'humidity · room=kitchen', unit: '%' })
  expect(beside.series[1]?.colorKey).toBe(alone.series[0]?.colorKey)
})

test('what was a day before stands beside it, at the same time of day', () => {
  const now = { ...head, series: [{ points: points(1, 2) }] }
  const earlier = {
    ...head,
    series: [
      {
        points: points(5, 6).map((p) => ({
          ...p,
          at: new Date(Date.parse(p.at) - 86_400_000).toISOString(),
        })),
      },
    ],
  }
  const { timesMs, series } = toChart([
    { answer: now, unit: null },
    { answer: earlier, unit: null, earlierMs: 86_400_000, earlierLabel: 'a day before' },
  ])
  expect(timesMs).toEqual([0, 1000])
  expect(series[1]).toMatchObject({ label: 'avg(temp) · a day before', isEarlier: true, values: [5, 6] })
  expect(series[1]?.colorKey).toBe(series[0]?.colorKey)
})

test('answers with other steps share the times, and one has no gap where the other has a value', () => {
  const fine = { ...head, series: [{ points: points(1, 2, 3) }] }
  const coarse = {
    ...head,
    name: 'b',
    stepMs: 2000,
    series: [{ points: [points(7)[0]!, points(0, 0, 8)[2]!] }],
  }
  const { series } = toChart([fine, coarse].map((answer) => ({ answer, unit: null })))
  expect(series[1]?.values).toEqual([7, undefined, 8])
})

test.each([
  ['rate', 'bytes', 'bytes/s'],
  ['rate', null, '/s'],
  ['count', 'ms', null],
  ['p95', 'ms', 'ms'],
])('%s of values in %p is in %p', (agg, unit, expected) => {
  const { series } = toChart([{ answer: { ...head, agg, series: [{ points: points(1) }] }, unit }])
  expect(series[0]?.unit).toBe(expected)
})

test.each([[[]], [[{ points: points(null, null) }]]])('a series without values is empty', (series) => {
  expect(toChart([{ answer: { ...head, series }, unit: null }]).isEmpty).toBe(true)
})
