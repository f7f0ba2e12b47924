import { expect, test } from '@jest/globals'
import { readLayout, readNames } from '../metrics-query.ts'
import { titleOf, toChartParams, toDashboardChart } from './chart-params.ts'

test.each([
  'name=a',
  'name=a&name=b&layout=together',
  'name=a&agg=percentiles&by=host&step=5m&compare=7d&layout=small&tag.country=DE&tag.a.b=x%3Dy',
])('%s is the same once it was kept on a dashboard', (query) => {
  const params = new URLSearchParams(query)
  const chart = toDashboardChart(params, readNames(params), readLayout(params), ' Title ')
  expect(chart.title).toBe('Title')
  expect(toChartParams(chart).toString()).toBe(params.toString())
})

test('what is no part of a chart, and what the view does not know, is not kept', () => {
  const params = new URLSearchParams('name=a&name=b&range=1h&refresh=5&agg=magic&by=&compare=2d')
  expect(toDashboardChart(params, ['a'], 'each', '')).toEqual({ title: '', metrics: ['a'], agg: 'avg' })
})

test('a chart without a title is called by its metrics', () => {
  expect(titleOf({ title: '', metrics: ['a', 'b'], agg: 'avg' })).toBe('a, b')
})
