import { expect, test } from '@jest/globals'
import { MAX_CHARTS, readAggregate, readNames, seriesParams, toggleName } from './metrics-query.ts'

test('names of an address are taken once each, and no more than there is room for', () => {
  const names = Array.from({ length: 20 }, (_, i) => `name=m${i}`)
  expect(readNames(new URLSearchParams('name=a&name=a&name='))).toEqual(['a'])
  expect(readNames(new URLSearchParams(names.join('&')))).toHaveLength(MAX_CHARTS)
})

test('a click chooses, another one takes it back', () => {
  expect(toggleName(['a'], 'b')).toEqual(['a', 'b'])
  expect(toggleName(['a', 'b'], 'a')).toEqual(['b'])
})

test('an unknown aggregation is the average', () => {
  expect(readAggregate(new URLSearchParams('agg=p95'))).toBe('p95')
  expect(readAggregate(new URLSearchParams('agg=magic'))).toBe('avg')
})

test('a request names metric, aggregation, group, step, tags and time', () => {
  const params = new URLSearchParams('name=x&by=room&step=1m&tag.room=a&refresh=5')
  const range = { kind: 'fixed', fromMs: 0, toMs: 1000 } as const
  expect(seriesParams(params, 'temperature', range, 0)).toEqual({
    name: 'temperature',
    agg: 'avg',
    by: 'room',
    step: '1m',
    'tag.room': 'a',
    from: '1970-01-01T00:00:00.000Z',
    to: '1970-01-01T00:00:01.000Z',
  })
})
