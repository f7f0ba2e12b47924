import { expect, test } from '@jest/globals'
import { dashboardHref, parseMetricsPath } from './metrics-path.ts'

test.each([
  ['/console/metrics', { view: 'explore' }],
  ['/console/metrics/', { view: 'explore' }],
  ['/console/metrics/dashboards', { view: 'dashboards' }],
  [dashboardHref(7), { view: 'dashboard', id: 7 }],
  ['/console/metrics/dashboards/0', { view: 'missing' }],
  ['/console/metrics/dashboards/x', { view: 'missing' }],
  ['/console/metrics/other', { view: 'missing' }],
])('%s shows %j', (path, shown) => {
  expect(parseMetricsPath(path)).toEqual(shown)
})
