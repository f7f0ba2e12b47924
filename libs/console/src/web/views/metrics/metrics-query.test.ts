import { expect, test } from '@jest/globals'
import { MAX_CHART_METRICS } from '@runnel/contracts/dashboards/chart-choices'
import { readAggregate, readNames, seriesRequests, toggleName } from './metrics-query.ts'

test('names of an address are taken once each, and no more than there is room for', () => {
  const names = Array.from({ length: 20 }, (_, i) => `name=m${i}`)
  expect(readNames(new URLSearchParams('name=a&name=a&name='))).toEqual(['a'])
  expect(readNames(new URLSearchParams(names.join('&')))).toHaveLength(MAX_CHART_METRICS)
})

test('a click chooses, another one takes it back', () => {
  expect(toggleName(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggleName(['a', 'b'], 'a')).toEqual(['b'])
})

test('an unknown aggregation is the average', () => {
  expect(readAggregate(new URLSearchParams('agg=p95'))).toBe('p95')
  expect(readAggregate(new URLSearchParams('agg=magic'))).toBe('avg')
})

const fixed = { kind: 'fixed', fromMs: 0, toMs: 1000 } as const

test('a request names metric, aggregation, group, step, tags and time', () => {
  const params = new URLSearchParams('name=x&by=room&step=1m&tag.room=a&refresh=5')
  expect(seriesRequests(params, 'temperature', fixed, 0).map((request) => request.params)).toEqual([
    {
      name: 'temperature',
      agg: 'avg',
      by: 'room',
      step: '1m',
      'tag.room': 'a',
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T00:00:01.000Z',
    },
  ])
})

test('percentiles are three requests, and each is compared with the week before where that is asked for', () => {
  const params = new URLSearchParams('agg=percentiles&compare=7d')
  const requests = seriesRequests(params, 'latency', fixed, 0)
  expect(requests.map(({ agg, earlier }) => [agg, earlier?.value])).toEqual([
    ['p50', undefined],
    ['p50', '7d'],
    ['p95', undefined],
    ['p95', '7d'],
    ['p99', undefined],
    ['p99', '7d'],
  ])
  expect(requests[1]?.params).toMatchObject({
    from: '1969-12-25T00:00:00.000Z',
    to: '1969-12-25T00:00:01.000Z',
  })
})

test('the time before of a range that ends now ends as much before now', () => {
  const range = { kind: 'preset', id: '1h', label: '', ms: 3_600_000 } as const
  const requests = seriesRequests(new URLSearchParams('compare=1d'), 'x', range, 2 * 86_400_000)
  expect(requests.map(({ params: { from, to } }) => [from, to])).toEqual([
    ['1970-01-02T23:00:00.000Z', undefined],
    ['1970-01-01T23:00:00.000Z', '1970-01-02T00:00:00.000Z'],
  ])
})
