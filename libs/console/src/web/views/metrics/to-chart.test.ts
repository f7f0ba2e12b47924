import { expect, test } from '@jest/globals'
import { toChart } from './to-chart.ts'

const head = { name: 'temp', agg: 'avg', from: '', to: '', stepMs: 1000, truncated: false }
const points = (...values: (number | null)[]) =>
  values.map((value, i) => ({ at: new Date(i * 1000).toISOString(), value }))

test('gaps stay gaps, and a series without a group is named for what it is', () => {
  expect(toChart({ ...head, series: [{ points: points(1, null, 3) }] })).toEqual({
    timesMs: [0, 1000, 2000],
    series: [{ label: 'avg(temp)', values: [1, null, 3] }],
    isEmpty: false,
  })
})

test('groups are named by their tag, also those that have none', () => {
  const series = ['kitchen', null].map((value) => ({ tag: { name: 'room', value }, points: points(1) }))
  expect(toChart({ ...head, series }).series.map(({ label }) => label)).toEqual([
    'room=kitchen',
    'room=(none)',
  ])
})

test.each([[[]], [[{ points: points(null, null) }]]])('a series without values is empty', (series) => {
  expect(toChart({ ...head, series }).isEmpty).toBe(true)
})
