import { expect, test } from '@jest/globals'
import { draftOf, isChanged, keyed, moveChart, retitleChart, type KeyedChart } from './dashboard-draft.ts'

const charts = keyed(['a', 'b', 'c'].map((title) => ({ title, metrics: ['m'], agg: 'avg' })))
const titles = (list: readonly KeyedChart[]) => list.map(({ chart }) => chart.title).join('')

test.each([
  [0, 1, 'bac'],
  [2, -1, 'acb'],
  [2, -2, 'cab'],
  [0, -1, 'abc'],
  [2, 1, 'abc'],
  [7, 1, 'abc'],
])('the chart %p moved by %p makes %p', (key, by, order) => {
  const moved = moveChart(charts, key, by)
  expect(titles(moved)).toBe(order)
  expect(moved.find((one) => one.key === 0)).toBe(charts[0])
})

test('one chart gets another title', () => {
  expect(titles(retitleChart(charts, 1, 'x'))).toBe('axc')
})

test('a draft is changed once saving it would change something', () => {
  const dashboard = {
    ...{ id: 1, version: 2, name: 'd', charts: charts.map(({ chart }) => chart) },
    ...{ createdAt: '', createdBy: '', updatedAt: '', updatedBy: '' },
  }
  const draft = draftOf(dashboard)
  expect(isChanged(draft, dashboard)).toBe(false)
  expect(isChanged({ ...draft, name: 'e' }, dashboard)).toBe(true)
  const moved = { ...draft, charts: moveChart(draft.charts, 0, 1) }
  expect(isChanged(moved, dashboard)).toBe(true)
  expect(isChanged({ ...moved, charts: moveChart(moved.charts, 0, -1) }, dashboard)).toBe(false)
})
