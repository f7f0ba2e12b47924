import { expect, test } from '@jest/globals'
import { keyed, moveChart, retitleChart, type KeyedChart } from './dashboard-draft.ts'

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
